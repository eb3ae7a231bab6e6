import { setSelection, type SeatStore } from "./seat-store.ts";
import { freeNeighbours } from "./neighbours.ts";
import { purchaseTexts } from "./texts.ts";

const Offers = ({ store, lost }: { store: SeatStore; lost: readonly number[] }) => {
  const t = purchaseTexts();
  const seats = store.seats.value?.items ?? [];
  const { value: selected } = store.selected;
  const nearby = freeNeighbours(seats, lost[0] ?? 0, selected, lost.length + 2);
  if (nearby.length === 0) return null;
  return (
    <p class="offers">
      <span class="small">{t.near}</span>
      {nearby.map((seatNumber) => (
        <button
          key={seatNumber}
          class="button quiet"
          type="button"
          aria-label={t.take(seatNumber)}
          onClick={() => setSelection(store, [...selected, seatNumber])}
        >
          {t.seat(seatNumber)}
        </button>
      ))}
    </p>
  );
};

/** Tells of an event that the fan did not cause, and what the fan can do about it. */
export const NoticeBox = ({ store }: { store: SeatStore }) => {
  const t = purchaseTexts();
  const { value: notice } = store.notice;
  return (
    <div role="status" aria-live="polite">
      {notice !== null && (
        <div class={notice.kind === "released" ? "note" : "note bad"}>
          <div class="row apart">
            <p>{notice.kind === "lost" ? t.lost(notice.seatNumbers) : t[notice.kind]}</p>
            <button class="text-button" type="button" onClick={() => (store.notice.value = null)}>
              {t.dismiss}
            </button>
          </div>
          {notice.kind === "lost" && <Offers store={store} lost={notice.seatNumbers} />}
        </div>
      )}
    </div>
  );
};
