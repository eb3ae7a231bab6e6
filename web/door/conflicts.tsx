import { formatMoment } from "../shared/format.ts";
import { placesText } from "../shared/hall/place-texts.ts";
import { reasonOf } from "./answer.tsx";
import type { Door } from "./door.ts";
import type { DoorShow, Scan } from "./records.ts";
import { doorTexts } from "./texts.ts";

/** The words of the server, with the time and the door of the first admission. */
const serverText = ({ shown, conflict }: Scan, show: DoorShow): string => {
  const t = doorTexts();
  if (conflict === null) return "";
  const { result } = conflict;
  const reason =
    result === "REFUSED" ? t.reason.REFUSED : reasonOf({ ...shown, ...conflict, result }, show);
  return [t.there(t.result[result]), reason].filter(Boolean).join(" – ");
};

const Conflict = ({ scan, door }: { scan: Scan; door: Door }) => {
  const t = doorTexts();
  const { shown, at, n } = scan;
  const { show } = door;
  return (
    <li class="card stack conflict">
      <p>
        <b class="num">{shown.place === null ? t.unknownSeat : placesText([shown.place])}</b>
        {shown.holderName !== null && ` · ${shown.holderName}`}
      </p>
      <p class="num">
        {t.here(t.result[shown.result], formatMoment(at, show.timeZone, { timeStyle: "short" }))}
      </p>
      <p class="num">{serverText(scan, show)}</p>
      <button class="button quiet" type="button" onClick={() => void door.log.seen(n)}>
        {t.seen}
      </button>
    </li>
  );
};

/** The scans about which the server says something else than this scanner has said. */
export const Conflicts = ({ door }: { door: Door }) => {
  const t = doorTexts();
  void door.log.changes.value;
  const conflicts = door.log.conflicts();
  if (conflicts.length === 0) return null;
  return (
    <section class="stack" aria-label={t.conflicts}>
      <div role="alert">
        <h2>{t.conflicts}</h2>
      </div>
      <p class="small soft">{t.conflictsHint}</p>
      <ul class="stack">
        {conflicts.map((scan) => (
          <Conflict key={scan.n} scan={scan} door={door} />
        ))}
      </ul>
    </section>
  );
};
