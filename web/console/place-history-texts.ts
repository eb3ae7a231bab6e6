import type { PlaceHistory } from "../../sdk/generated/schemas.ts";
import { formatNumber, language } from "../shared/language.ts";

type Place = PlaceHistory["places"][number];
type PlaceEvent = Place["events"][number];
type Plain = Exclude<PlaceEvent["event"], "JOINED" | "DRAWN" | "ADMITTED">;

/** Texts of a place's history. Moments are formatted already. */
interface HistoryTexts {
  readonly joined: (before: number) => string;
  readonly joinedLobby: string;
  readonly drawn: (rank: number, entrants: number, value: number) => string;
  readonly admitted: (until: string | null) => string;
  readonly plain: Readonly<Record<Plain, string>>;
  readonly waiting: (position: number) => string;
  readonly active: (until: string | null) => string;
  readonly still: Readonly<Record<"WAITING" | "LOBBY" | "AWAY" | "ENDED" | "UNKNOWN", string>>;
}

const count = formatNumber;

const en: HistoryTexts = {
  joined: (before) =>
    `Joined as number ${count(before + 1)}. Joined before: ${before === 1 ? "1 user" : `${count(before)} users`}`,
  joinedLobby: "Joined the lobby. The draw decides the order, not the time of joining",
  drawn: (rank, entrants, value) =>
    `Drawn: place ${count(rank)} of ${count(entrants)}. The value ${value} is computed from the user id and the seed, which was fixed before anyone could join`,
  admitted: (until) => `Admitted${until === null ? "" : `, with time until ${until} to buy`}`,
  plain: {
    STEPPED_OVER:
      "Skipped: no app or browser asked for this place in time. The place was kept, and the next user was admitted",
    RETURNED: "Returned: next to be admitted, before all who wait, in the order of return",
    PAID: "Paid: the tickets are bought, and the place has ended",
    LEFT: "Given up by the user: the place has ended",
    LAPSED: "The time ran out, or the user was absent a second time: the place has ended",
    SOLD_OUT: "Sold out: all waiting places have ended",
    ENDED: "Every date has begun: all waiting places have ended",
    CLOSED: "The operator closed the sale: all waiting places have ended",
  },
  waiting: (position) =>
    `Waits at position ${count(position)}. Ahead: ${position === 2 ? "1 user" : `${count(position - 1)} users`}`,
  active: (until) => `Active: can buy${until === null ? "" : ` until ${until}`}`,
  still: {
    WAITING: "Waits. While the queue is being recovered, no place has a position",
    LOBBY: "In the lobby. The draw decides the order, not the time of joining",
    AWAY: "Skipped because the user was absent. The place is kept, and is next once the user returns",
    ENDED: "Ended",
    UNKNOWN:
      "Not in the queue, and no end is recorded: the queue’s store is away or has lost the place. The user’s queue token restores it",
  },
};

const ko: HistoryTexts = {
  joined: (before) =>
    `${count(before + 1)}번째로 줄을 섰습니다. 먼저 줄을 선 사용자: ${count(before)}명`,
  joinedLobby: "대기실에 들어왔습니다. 순서는 들어온 시각이 아니라 추첨으로 정합니다",
  drawn: (rank, entrants, value) =>
    `추첨 결과 ${count(entrants)}명 중 ${count(rank)}번입니다. 추첨값(${value})은 사용자 ID와, 줄을 서기 전에 확정된 시드로 계산합니다`,
  admitted: (until) => `입장했습니다${until === null ? "" : `. 구매할 수 있는 시각: ${until}까지`}`,
  plain: {
    STEPPED_OVER:
      "차례에 응답이 없어 건너뛰었습니다. 앱이나 브라우저가 제때 확인하지 않았습니다. 순서는 보관하고 다음 사용자가 입장했습니다",
    RETURNED: "돌아왔습니다. 돌아온 순서대로, 기다리는 모든 사용자보다 먼저 입장합니다",
    PAID: "결제했습니다. 티켓을 받았고 대기가 끝났습니다",
    LEFT: "사용자가 순서를 포기해 대기가 끝났습니다",
    LAPSED: "시간이 끝났거나 두 번째에도 응답이 없어 대기가 끝났습니다",
    SOLD_OUT: "매진되어 모든 대기가 끝났습니다",
    ENDED: "모든 공연이 시작되어 모든 대기가 끝났습니다",
    CLOSED: "운영자가 판매를 종료해 모든 대기가 끝났습니다",
  },
  waiting: (position) =>
    `${count(position)}번째로 기다리고 있습니다. 앞에 ${count(position - 1)}명이 있습니다`,
  active: (until) => `지금 구매할 수 있습니다${until === null ? "" : ` (${until}까지)`}`,
  still: {
    WAITING: "기다리고 있습니다. 대기열을 복구하는 동안에는 순번이 없습니다",
    LOBBY: "대기실에 있습니다. 순서는 들어온 시각이 아니라 추첨으로 정합니다",
    AWAY: "차례에 응답이 없어 건너뛰었습니다. 순서는 보관되어 있고, 돌아오면 다음에 입장합니다",
    ENDED: "끝났습니다",
    UNKNOWN:
      "대기열에 없고 끝났다는 기록도 없습니다. 대기열 저장소에 연결할 수 없거나 저장소가 순서를 잃었습니다. 사용자의 대기 토큰으로 순서를 복원합니다",
  },
};

export const historyTexts = (): HistoryTexts => (language.value === "ko" ? ko : en);

type FormatMoment = (at: string) => string;

const formatted = (at: string | null, format: FormatMoment): string | null =>
  at === null ? null : format(at);

/** One event as text. */
export const eventText = (event: PlaceEvent, format: FormatMoment): string => {
  const t = historyTexts();
  const { event: kind, before, activeUntil, rank, entrants, drawValue } = event;
  if (kind === "JOINED") return before === null ? t.joinedLobby : t.joined(before);
  if (kind === "DRAWN") return t.drawn(rank ?? 0, entrants ?? 0, drawValue ?? 0);
  return kind === "ADMITTED" ? t.admitted(formatted(activeUntil, format)) : t.plain[kind];
};

/** The present state of a place as text. */
export const placeText = (place: Place, format: FormatMoment): string => {
  const t = historyTexts();
  const { status, position, expiresAt, endedReason } = place;
  if (status === "WAITING" && position !== null) return t.waiting(position);
  if (status === "ACTIVE") return t.active(formatted(expiresAt, format));
  return endedReason === null ? t.still[status] : t.plain[endedReason];
};
