import { choose, type Hall } from "./hall.ts";
import { freeNeighbours } from "./neighbours.ts";
import { shopWords } from "./words.ts";

const Offers = ({ hall, lost }: { hall: Hall; lost: readonly number[] }) => {
  const w = shopWords();
  const seats = hall.seats.value?.items ?? [];
  const { value: chosen } = hall.chosen;
  const near = freeNeighbours(seats, lost[0] ?? 0, chosen, lost.length + 2);
  if (near.length === 0) return null;
  return (
    <p class="offers">
      <span class="small">{w.near}</span>
      {near.map((seatNumber) => (
        <button
          key={seatNumber}
          class="button quiet"
          type="button"
          aria-label={w.take(seatNumber)}
          onClick={() => choose(hall, [...chosen, seatNumber])}
        >
          {w.seat(seatNumber)}
        </button>
      ))}
    </p>
  );
};

/** What has happened that the fan did not do, with what he can do about it. */
export const NoticeBox = ({ hall }: { hall: Hall }) => {
  const w = shopWords();
  const { value: notice } = hall.notice;
  return (
    <div role="status" aria-live="polite">
      {notice !== null && (
        <div class={notice.kind === "given" ? "note" : "note bad"}>
          <div class="row apart">
            <p>{notice.kind === "lost" ? w.lost(notice.seatNumbers) : w[notice.kind]}</p>
            <button class="text-button" type="button" onClick={() => (hall.notice.value = null)}>
              {w.dismiss}
            </button>
          </div>
          {notice.kind === "lost" && <Offers hall={hall} lost={notice.seatNumbers} />}
        </div>
      )}
    </div>
  );
};
