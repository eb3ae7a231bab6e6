import { useState } from "preact/hooks";
import type { Draw } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { browserStorage } from "../../shared/storage.ts";
import { formatNumber } from "../../shared/language.ts";
import { account } from "../account.ts";
import { texts } from "../texts/index.ts";
import type { DrawCheck, PublishedDraw } from "../draw/draw-rules.ts";
import { joinTexts } from "./texts.ts";

/** Most entries that the browser loads; `npm run verify-draw` checks longer lists. */
const entrantsMax = 50_000;

const storageKey = (concertId: string): string => `commitment.${concertId}`;

/** Stores the commitment before the draw, so that the browser notices if the server replaces it. */
export const rememberCommitment = (concertId: string, { commitment, seed }: Draw): void => {
  if (seed === null && browserStorage.read(storageKey(concertId)) === null) {
    browserStorage.write(storageKey(concertId), commitment);
  }
};

const publishedDraw = (draw: Draw): PublishedDraw | null => {
  const { commitment, seed, entrants, entrantsDigest } = draw;
  if (seed === null || entrants === null || entrantsDigest === null) return null;
  return { commitment, seed, entrants, entrantsDigest };
};

/** The rules in a file of their own: few fans check a draw. */
const loadRules = () => import("../draw/draw-rules.ts");

const load = async (concertId: string): Promise<string> => {
  const path = `/api/v1/concerts/${concertId}/queue/draw/file`;
  const answer = await api.send("GET", path, { timeoutMs: 60_000 });
  if (answer?.ok !== true) throw new Error("the list did not come");
  return answer.text();
};

const check = async (concertId: string, draw: PublishedDraw): Promise<DrawCheck | "failed"> => {
  try {
    const { checkDraw, parseDrawList } = await loadRules();
    const places = draw.entrants > entrantsMax ? null : parseDrawList(await load(concertId));
    const userId = account.peek()?.userId ?? null;
    const knownCommitment = browserStorage.read<string>(storageKey(concertId));
    return await checkDraw(draw, places, { userId, knownCommitment });
  } catch {
    return "failed";
  }
};

const CheckRow = ({ holds, yes, no }: { holds: boolean; yes: string; no: string }) => (
  <li class={holds ? "finding" : "finding bad"}>{holds ? `✓ ${yes}` : `✗ ${no}`}</li>
);

const CheckResult = ({ found }: { found: DrawCheck }) => {
  const t = joinTexts().draw;
  const { own } = found;
  return (
    <ul class="small">
      <CheckRow holds={found.seed} yes={t.seedGood} no={t.seedBad} />
      {found.knownCommitment !== null && (
        <CheckRow holds={found.knownCommitment} yes={t.commitmentGood} no={t.commitmentBad} />
      )}
      {found.list !== null && <CheckRow holds={found.list} yes={t.listGood} no={t.listBad} />}
      {own !== null && own.place !== null && (
        <li class="finding">✓ {t.own(String(own.value), formatNumber(own.place))}</li>
      )}
      {own !== null && own.place === null && found.list !== null && (
        <li class="finding">{t.notDrawn}</li>
      )}
      {found.list === null && <li class="finding">{t.tooLong}</li>}
    </ul>
  );
};

/** Explains how to check a draw, and checks it in the browser once it is done. */
export const CheckDraw = ({ concertId, draw }: { concertId: string; draw: Draw }) => {
  const t = joinTexts().draw;
  const done = publishedDraw(draw);
  const [found, setFound] = useState<DrawCheck | "checking" | "failed" | null>(null);
  const start = async (published: PublishedDraw): Promise<void> => {
    setFound("checking");
    setFound(await check(concertId, published));
  };
  if (done === null) return <p class="small soft">{t.later}</p>;
  // Browsers offer `crypto.subtle` only on pages served over HTTPS.
  if (!isSecureContext) return <p class="small soft">{t.insecure}</p>;
  return (
    <div class="stack" role="status">
      {found === null && (
        <button class="button quiet" type="button" onClick={() => void start(done)}>
          {t.check}
        </button>
      )}
      {found === "checking" && <p>{texts().loading}</p>}
      {found === "failed" && <p class="note bad">{texts().busy}</p>}
      {found !== null && typeof found === "object" && <CheckResult found={found} />}
    </div>
  );
};
