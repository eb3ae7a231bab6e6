import type { Draw } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { browserKeep } from "../../shared/keep.ts";
import { formatNumber } from "../../shared/language.ts";
import { signal } from "../../shared/signals.ts";
import { session } from "../session.ts";
import { words } from "../words/index.ts";
import { checkDraw, readList, type Published, type Verdict } from "./draw-rules.ts";
import { doorWords } from "./words.ts";

/** A longer list is not loaded into a browser: it is for the command that checks it. */
const entrantsMax = 50_000;

const verdict = signal<Verdict | "checking" | "failed" | null>(null);

const kept = (concertId: string): string => `commitment.${concertId}`;

/** Notes the fingerprint before the draw, so that nobody can exchange it unseen. */
export const noteCommitment = (concertId: string, { commitment, seed }: Draw): void => {
  if (seed === null && browserKeep.read(kept(concertId)) === null) {
    browserKeep.write(kept(concertId), commitment);
  }
};

const published = (draw: Draw): Published | null => {
  const { commitment, seed, entrants, entrantsDigest } = draw;
  if (seed === null || entrants === null || entrantsDigest === null) return null;
  return { commitment, seed, entrants, entrantsDigest };
};

const load = async (concertId: string) => {
  const path = `/api/v1/concerts/${concertId}/queue/draw/file`;
  const answer = await api.send("GET", path, { timeoutMs: 60_000 });
  if (answer?.ok !== true) throw new Error("the list did not come");
  return readList(await answer.text());
};

const check = async (concertId: string, draw: Published): Promise<void> => {
  verdict.value = "checking";
  try {
    const places = draw.entrants > entrantsMax ? null : await load(concertId);
    const userId = session.peek()?.userId ?? null;
    const noted = browserKeep.read<string>(kept(concertId));
    verdict.value = await checkDraw(draw, places, { userId, noted });
  } catch {
    verdict.value = "failed";
  }
};

const Finding = ({ holds, yes, no }: { holds: boolean; yes: string; no: string }) => (
  <li class={holds ? "finding" : "finding bad"}>{holds ? `✓ ${yes}` : `✗ ${no}`}</li>
);

const Findings = ({ found }: { found: Verdict }) => {
  const w = doorWords().draw;
  const { own } = found;
  return (
    <ul class="small">
      <Finding holds={found.seed} yes={w.seedGood} no={w.seedBad} />
      {found.noted !== null && <Finding holds={found.noted} yes={w.notedGood} no={w.notedBad} />}
      {found.list !== null && <Finding holds={found.list} yes={w.listGood} no={w.listBad} />}
      {own !== null && own.place !== null && (
        <li class="finding">✓ {w.own(String(own.value), formatNumber(own.place))}</li>
      )}
      {own !== null && own.place === null && found.list !== null && (
        <li class="finding">{w.notDrawn}</li>
      )}
      {found.list === null && <li class="finding">{w.tooLong}</li>}
    </ul>
  );
};

/** How to check a draw, and the browser's own check once it is done. */
export const CheckDraw = ({ concertId, draw }: { concertId: string; draw: Draw }) => {
  const w = doorWords().draw;
  const done = published(draw);
  const { value: found } = verdict;
  if (done === null) return <p class="small soft">{w.later}</p>;
  // Browsers compute only on pages that came securely.
  if (!isSecureContext) return <p class="small soft">{w.insecure}</p>;
  return (
    <div class="stack" role="status">
      {found === null && (
        <button class="button quiet" type="button" onClick={() => void check(concertId, done)}>
          {w.check}
        </button>
      )}
      {found === "checking" && <p>{words().loading}</p>}
      {found === "failed" && <p class="note bad">{words().busy}</p>}
      {found !== null && typeof found === "object" && <Findings found={found} />}
    </div>
  );
};
