import { useEffect, useRef } from "preact/hooks";
import { joinTexts } from "../join/texts.ts";
import { failureText } from "../session/texts.ts";
import { aboveKinds, type Notice, type SeatStore } from "./seat-state.ts";
import { seatsText } from "./seat-names.ts";
import { seatsMaxIn, selectedIn, toggleSeat } from "./selection.ts";
import { purchaseTexts } from "./texts.ts";

const Offers = ({ store, lost }: { store: SeatStore; lost: readonly number[] }) => {
  const t = purchaseTexts();
  const selected = selectedIn(store);
  const room = seatsMaxIn(store) - selected.length;
  const offersMax = room > 0 ? lost.length + 2 : 0;
  // The map may still show the lost seats as free.
  const nearby = (store.hall.value?.near(lost[0] ?? 0, selected, offersMax + lost.length) ?? [])
    .filter((seatNumber) => !lost.includes(seatNumber))
    .slice(0, offersMax);
  if (nearby.length === 0) return null;
  return (
    <p class="offers">
      <span class="small">{t.near}</span>
      {nearby.map((seatNumber) => (
        <button
          key={seatNumber}
          class="button quiet"
          type="button"
          aria-label={t.take(seatsText(store, [seatNumber]))}
          onClick={() => toggleSeat(store, seatNumber)}
        >
          {seatsText(store, [seatNumber])}
        </button>
      ))}
    </p>
  );
};

const textOf = (store: SeatStore, notice: Notice): string => {
  const { soldOut, saleEnded } = joinTexts();
  const t = { ...purchaseTexts(), soldOut, saleEnded };
  if (notice.kind === "lost")
    return t.lost(seatsText(store, notice.seatNumbers), notice.seatNumbers.length);
  if (notice.kind === "single")
    return t.single(seatsText(store, notice.seatNumbers), notice.seatNumbers.length);
  if (notice.kind === "tooFew") return t.tooFew(String(notice.available));
  if (notice.kind === "refused") return failureText(notice.failure);
  if (notice.kind === "holdLimit") {
    const { againInMs } = notice;
    return t.holdLimit(againInMs === null ? null : Math.ceil(againInMs / 60_000));
  }
  if (notice.kind === "full" || notice.kind === "limit") return t[notice.kind](seatsMaxIn(store));
  return t[notice.kind];
};

const goodKinds: readonly Notice["kind"][] = ["released", "full", "asking"];

/** The last notice in one of the two positions: what has happened, and what the fan can do about it. */
export const NoticeBox = ({ store, isAbove }: { store: SeatStore; isAbove: boolean }) => {
  const t = purchaseTexts();
  const box = useRef<HTMLDivElement>(null);
  const { value: present } = store.notice;
  const notice = present !== null && aboveKinds.includes(present.kind) === isAbove ? present : null;
  useEffect(() => {
    // The fan's own action led to it, except for a lost seat, which must not move the map.
    if (notice !== null && notice.kind !== "lost")
      box.current?.scrollIntoView({ block: "nearest" });
  }, [notice]);
  return (
    <div role="status" aria-live="polite" ref={box}>
      {notice !== null && (
        <div class={goodKinds.includes(notice.kind) ? "note stack" : "note bad stack"}>
          <div class="notice">
            <p>{textOf(store, notice)}</p>
            {notice.kind !== "asking" && (
              <button class="text-button" type="button" onClick={() => (store.notice.value = null)}>
                {t.dismiss}
              </button>
            )}
          </div>
          {notice.kind === "lost" && <Offers store={store} lost={notice.seatNumbers} />}
        </div>
      )}
    </div>
  );
};
