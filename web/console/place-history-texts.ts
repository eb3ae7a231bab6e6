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
    `Joined as number ${count(before + 1)}: ${before === 1 ? "1 person" : `${count(before)} people`} had joined before`,
  joinedLobby: "Joined the lobby; when somebody joins it makes no difference, the draw decides",
  drawn: (rank, entrants, value) =>
    `Drawn: place ${count(rank)} of ${count(entrants)}. The value ${value} follows from the user’s id and the seed that was committed to before anybody could join`,
  admitted: (until) =>
    `The turn had come: let in${until === null ? "" : `, with time until ${until} to buy`}`,
  plain: {
    STEPPED_OVER:
      "Was not there when the turn came: no app or browser had asked for this place in time. The place was set aside and kept, and the next person was let in",
    RETURNED: "Came back: served next, before everybody who waits, in the order of return",
    PAID: "Paid: the tickets are bought, and the place has ended",
    LEFT: "The place was given up, in the app or by joining anew",
    LAPSED: "The time was over, or nobody came a second time: the place has ended",
    SOLD_OUT: "Sold out: everybody who waited was told, and the place has ended",
    CLOSED: "The operator closed the line: everybody who waited was told, and the place has ended",
  },
  waiting: (position) =>
    `Waits at position ${count(position)}: ${position === 2 ? "1 person" : `${count(position - 1)} people`} ahead`,
  active: (until) => `Can buy now${until === null ? "" : `, until ${until}`}`,
  still: {
    WAITING: "Waits; while the line comes back after its store was lost, nobody has a position",
    LOBBY:
      "In the lobby: the draw gives everybody in it a place, and when one came makes no difference",
    AWAY: "Was not there when the turn came. The place is kept, and is served next as soon as the user comes back",
    ENDED: "Has ended",
    UNKNOWN:
      "Not in line at this moment, and not noted as ended: the line’s store is away or has lost it. The user’s own token puts the place back where it was",
  },
};

const ko: HistoryTexts = {
  joined: (before) =>
    `${count(before + 1)}번째로 줄을 섰습니다. 먼저 온 사람이 ${count(before)}명이었습니다`,
  joinedLobby: "대기실에 들어왔습니다. 들어온 순서는 상관없고 추첨으로 순서를 정합니다",
  drawn: (rank, entrants, value) =>
    `추첨 결과 ${count(entrants)}명 중 ${count(rank)}번입니다. 추첨값 ${value}은(는) 사용자 ID와, 아무도 줄을 서기 전에 확정해 둔 시드에서 계산됩니다`,
  admitted: (until) =>
    `차례가 되어 입장했습니다${until === null ? "" : `. ${until}까지 구매할 수 있었습니다`}`,
  plain: {
    STEPPED_OVER:
      "차례가 왔을 때 자리에 없었습니다. 앱이나 브라우저가 제때 확인하지 않았습니다. 순번은 따로 보관하고 다음 사람이 입장했습니다",
    RETURNED: "돌아왔습니다. 기다리는 모든 사람보다 먼저, 돌아온 순서대로 입장합니다",
    PAID: "결제했습니다. 티켓을 받았고 순번이 끝났습니다",
    LEFT: "순번을 포기했습니다. 앱에서 취소했거나 다시 줄을 섰습니다",
    LAPSED: "시간이 끝났거나 두 번째에도 오지 않아 순번이 끝났습니다",
    SOLD_OUT: "매진되었습니다. 기다리던 모두에게 알렸고 순번이 끝났습니다",
    CLOSED: "운영자가 판매를 종료했습니다. 기다리던 모두에게 알렸고 순번이 끝났습니다",
  },
  waiting: (position) =>
    `${count(position)}번째로 기다리고 있습니다. 앞에 ${count(position - 1)}명이 있습니다`,
  active: (until) => `지금 구매할 수 있습니다${until === null ? "" : ` (${until}까지)`}`,
  still: {
    WAITING: "기다리고 있습니다. 대기열 저장소를 복구하는 동안에는 아무도 순번이 없습니다",
    LOBBY: "대기실에 있습니다. 모두의 순서를 추첨으로 정하며, 들어온 순서는 상관없습니다",
    AWAY: "차례가 왔을 때 자리에 없었습니다. 순번은 보관되어 있고, 돌아오면 바로 다음에 입장합니다",
    ENDED: "끝났습니다",
    UNKNOWN:
      "지금 줄에 없고, 끝났다는 기록도 없습니다. 대기열 저장소에 연결되지 않거나 저장소가 이 순번을 잃었습니다. 사용자의 대기 토큰으로 접속하면 원래 순번으로 돌아갑니다",
  },
};

const historyTexts = (): HistoryTexts => (language.value === "ko" ? ko : en);

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
