import { useEffect, useRef, useState } from "preact/hooks";
import { formatDate, formatMoment } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import { AnswerPanel } from "./answer.tsx";
import { Camera } from "./camera.tsx";
import { Conflicts } from "./conflicts.tsx";
import type { Door, Given } from "./door.ts";
import type { Answer } from "./records.ts";
import { Search } from "./search.tsx";
import { signalResult, unlockSound } from "./sound.ts";
import { doorTexts } from "./texts.ts";

/** A code that stays before the camera is one scan, until it was away for this long. */
const sameCodeMs = 3_000;
const synchroniseMs = 3_000;

/** Sends and reads again every few seconds, and at once when the network comes or goes. */
const useSynchronisation = (door: Door): void => {
  useEffect(() => {
    const run = (): void => void door.synchronise();
    run();
    const timer = setInterval(run, synchroniseMs);
    addEventListener("online", run);
    addEventListener("offline", run);
    return () => {
      clearInterval(timer);
      removeEventListener("online", run);
      removeEventListener("offline", run);
    };
  }, [door]);
};

const Status = ({ door }: { door: Door }) => {
  const t = doorTexts();
  void door.log.changes.value;
  const { show } = door;
  const known = door.known.value;
  const isOnline = door.isOnline.value;
  const unsent = door.log.unsent().length;
  const listedAt = formatMoment(known.list.listedAt, show.timeZone, { timeStyle: "short" });
  return (
    <section class="stack tight" aria-label={show.title}>
      <h1 class="show-title">{show.title}</h1>
      <p class="num">
        {formatDate(show.date)} {formatMoment(show.startsAt, show.timeZone, { timeStyle: "short" })}
        {show.gate !== null && ` · ${show.gate}`}
      </p>
      <p class="row num">
        <span class={`chip ${isOnline ? "online" : "away"}`}>
          {isOnline ? t.online : t.offline}
        </span>
        <span class={`chip ${unsent > 0 ? "live" : ""}`}>{t.unsent(formatNumber(unsent))}</span>
        <b>{t.admittedOf(formatNumber(known.admitted()), formatNumber(known.expected()))}</b>
        <span class="small soft">{t.listedAt(listedAt)}</span>
      </p>
      {!isOnline && <p class="small">{t.offlineHint}</p>}
    </section>
  );
};

/** The view of an open door. */
export const Scanning = ({ door, onChange }: { door: Door; onChange: () => void }) => {
  const t = doorTexts();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isChecking, setChecking] = useState(false);
  const [hasCamera, setCamera] = useState(false);
  const isBusy = useRef(false);
  const last = useRef({ text: "", atMs: 0 });
  useSynchronisation(door);

  const scan = async (given: Given): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    setChecking(true);
    try {
      const found = await door.scan(given);
      setAnswer(found);
      signalResult(found.result === "ADMITTED");
    } finally {
      isBusy.current = false;
      setChecking(false);
    }
  };
  const onCode = (text: string): void => {
    const { text: before, atMs } = last.current;
    const isSame = text === before && Date.now() - atMs < sameCodeMs;
    if (!isSame && isBusy.current) return;
    last.current = { text, atMs: Date.now() };
    if (!isSame) void scan({ code: text });
  };
  const admit = (ticketId: string): void => {
    unlockSound();
    scrollTo(0, 0);
    void scan({ ticketId });
  };
  return (
    <div class="stack">
      <Status door={door} />
      <AnswerPanel answer={answer} isChecking={isChecking} show={door.show} />
      {hasCamera ? (
        <Camera onCode={onCode} onStop={() => setCamera(false)} />
      ) : (
        <button
          class="button wide"
          type="button"
          onClick={() => {
            unlockSound();
            setCamera(true);
          }}
        >
          {t.startCamera}
        </button>
      )}
      <Conflicts door={door} />
      <Search door={door} onAdmit={admit} />
      <button class="button quiet" type="button" onClick={onChange}>
        {t.change}
      </button>
    </div>
  );
};
