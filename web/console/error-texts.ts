import { language } from "../shared/language.ts";

type MessageText = readonly [pattern: RegExp, en: string, ko: string];

// The server's messages and their texts. `$1` and `$2` are the groups of the pattern.
export const messages: readonly MessageText[] = [
  [/^must NOT have fewer than 1 characters$/, "must not be empty", "입력하세요"],
  [
    /^must NOT have more than (\d+) characters$/,
    "may have at most $1 characters",
    "최대 $1자입니다",
  ],
  [/^must NOT have fewer than 1 items$/, "needs at least one", "하나 이상 있어야 합니다"],
  [/^must NOT have more than (\d+) items$/, "may have at most $1", "최대 $1개입니다"],
  [
    /^must be >= (\d+), the pieces that are held and sold$/,
    "must be $1 or more: so many pieces are held or sold",
    "$1 이상이어야 합니다. 그만큼 선점되었거나 판매되었습니다",
  ],
  [/^must be >= (\S+)$/, "must be $1 or more", "$1 이상이어야 합니다"],
  [/^must be <= (\S+)$/, "must be $1 or less", "$1 이하여야 합니다"],
  [/^must be (?:integer|number)$/, "must be a whole number", "정수여야 합니다"],
  [/^must match format "date"$/, "must be a date", "날짜를 입력하세요"],
  [/^must match format/, "must be a date and a time", "날짜와 시각을 입력하세요"],
  [/^is out of range: (\S+) to (\S+)$/, "must be from $1 to $2", "$1부터 $2까지 가능합니다"],
  [/^is out of range$/, "is out of range", "범위를 벗어났습니다"],
  [
    /^must have at most (\d+) decimals$/,
    "must be a number with at most $1 decimals",
    "소수점 아래 $1자리까지의 숫자여야 합니다",
  ],
  [/^must be a whole number$/, "must be a whole number", "정수여야 합니다"],
  [
    /^cannot change any more: the queue has opened$/,
    "cannot change any more: the queue has opened",
    "이미 시작되어 바꿀 수 없습니다",
  ],
  [
    /^cannot change any more: the draw is done/,
    "cannot change any more: the draw is done or about to start",
    "추첨이 끝났거나 곧 시작되어 바꿀 수 없습니다",
  ],
  [
    /^must be at least (\d+) ms from now/,
    "must be at least $1 ms from now, so that every instance reads it in time",
    "모든 인스턴스가 제때 알 수 있도록 지금부터 $1ms 이상 뒤여야 합니다",
  ],
  [/^is required for a lottery$/, "is required for a lottery", "추첨에는 추첨 시각이 필요합니다"],
  [/^is allowed for a lottery only$/, "is allowed for a lottery only", "추첨에서만 쓸 수 있습니다"],
  [
    /^is a date of the concert already$/,
    "is a date of this sale already",
    "이미 있는 공연 날짜입니다",
  ],
  [
    /^cannot change any more: the show has begun$/,
    "cannot change any more: the show has begun",
    "공연이 시작되어 바꿀 수 없습니다",
  ],
  [/^must lie in the future$/, "must be in the future", "앞으로의 시각이어야 합니다"],
  [/^must be after opensAt$/, "must be after the opening", "시작 시각보다 뒤여야 합니다"],
  [
    /^must not be after policy\.opensAt/,
    "must not be after the opening",
    "시작 시각보다 늦을 수 없습니다",
  ],
  [/^must be an https:/, "must be an https:// address", "https:// 주소여야 합니다"],
  [/^must be an RFC 3339 time/, "must be a date and a time", "날짜와 시각을 입력하세요"],
  [
    /^must be visible text of the allowed length/,
    "is empty, too long, or has invisible characters",
    "비어 있거나 너무 길거나 보이지 않는 문자가 있습니다",
  ],
  [
    /^must be an IANA time zone/,
    "must be a time zone, like Asia/Seoul",
    "시간대 이름이어야 합니다. 예: Asia/Seoul",
  ],
  [/^must be a date of the calendar/, "must be a date of the calendar", "달력에 없는 날짜입니다"],
  [/^must not be repeated$/, "is given twice", "두 번 들어 있습니다"],
  [
    /^must lie on the show's date/,
    "must lie on the show’s date in the concert’s time zone",
    "공연 시간대로 공연 날짜와 같은 날이어야 합니다",
  ],
  [
    /^must be a date whose show begins in the future$/,
    "must be a date whose show begins in the future",
    "앞으로 시작하는 공연의 날짜여야 합니다",
  ],
  [/^must name at least one date$/, "needs at least one date", "날짜가 하나 이상 있어야 합니다"],
  [/^may name at most (\d+) dates$/, "may have at most $1 dates", "날짜는 최대 $1개입니다"],
  [
    /^is required without grades or seatingPlan$/,
    "needs a price or grades",
    "가격이나 등급 중 하나가 필요합니다",
  ],
  [
    /^must not be given together with grades$/,
    "takes a price or grades, not both",
    "가격과 등급을 함께 쓸 수 없습니다",
  ],
  [
    /^repeats the name of an earlier grade$/,
    "repeats the name of an earlier grade",
    "앞의 등급과 이름이 같습니다",
  ],
  [/^must lie between 1 and (\d+)$/, "must lie between 1 and $1", "좌석 번호는 1부터 $1까지입니다"],
  [
    /^must go from the lower number to the higher$/,
    "must go from the lower number to the higher",
    "첫 좌석이 끝 좌석보다 클 수 없습니다",
  ],
  [
    /^must not repeat seats of an earlier grade$/,
    "repeats seats of an earlier grade",
    "앞의 등급과 좌석이 겹칩니다",
  ],
  [
    /^must cover all seats from 1 to (\d+)$/,
    "must cover all seats from 1 to $1",
    "등급들이 1번부터 $1번까지 모든 좌석을 포함해야 합니다",
  ],
  [
    /^must not be given together with price or grades$/,
    "takes a seating plan or prices, not both",
    "좌석 배치와 가격을 함께 쓸 수 없습니다",
  ],
  [/^must not be empty$/, "must not be empty", "비어 있습니다"],
  [/^repeats an earlier name$/, "repeats an earlier name", "앞에 나온 이름과 같습니다"],
  [
    /^repeats the days of an earlier fee$/,
    "repeats the days of an earlier fee",
    "앞의 수수료와 날짜 수가 같습니다",
  ],
  [/^must be a grade of the plan$/, "is no grade of the plan", "좌석 배치에 없는 등급입니다"],
  [/^may have at most (\d+) grades$/, "may have at most $1 grades", "등급은 최대 $1개입니다"],
  [/^may have at most (\d+) sections$/, "may have at most $1 sections", "구역은 최대 $1개입니다"],
  [/^may have at most (\d+) rows$/, "may have at most $1 rows", "열은 최대 $1개입니다"],
  [/^may have at most (\d+) seats$/, "may have at most $1 seats", "한 열의 좌석은 최대 $1석입니다"],
  [
    /^may have at most (\d+) seats in total$/,
    "may have at most $1 seats in total",
    "좌석은 모두 최대 $1석입니다",
  ],
  [
    /^may have at most (\d+) seats on all dates together$/,
    "may have at most $1 seats on all dates together",
    "모든 날짜를 합해 최대 $1석입니다",
  ],
  [
    /^must lead from the first name to the last$/,
    "does not lead from the first name to the last",
    "첫 좌석에서 끝 좌석까지 이어지지 않습니다",
  ],
  [/^is required without places$/, "needs seats or places", "좌석 범위나 개별 좌석이 필요합니다"],
  [
    /^must not be given together with seats$/,
    "takes seats or places, not both",
    "좌석 범위와 개별 좌석을 함께 쓸 수 없습니다",
  ],
  [/^is allowed with seats only$/, "is allowed with seats only", "좌석 범위에서만 쓸 수 있습니다"],
  [/^is required for a seated section$/, "is required for seats", "좌석 구역에 필요합니다"],
  [/^is allowed for a seated section only$/, "is for seats only", "좌석 구역에서만 쓸 수 있습니다"],
  [/^is required for a standing section$/, "is required for standing", "스탠딩 구역에 필요합니다"],
  [
    /^is allowed for a standing section only$/,
    "is for standing only",
    "스탠딩 구역에서만 쓸 수 있습니다",
  ],
  [
    /^must be a number of metres from (\S+) to (\S+)$/,
    "must be a number of metres from $1 to $2",
    "$1부터 $2까지의 미터 값이어야 합니다",
  ],
  [
    /^The queue is closed for good\.$/,
    "The sale is closed for good.",
    "판매가 종료되어 바꿀 수 없습니다.",
  ],
  [/^The reservation is paid\.$/, "The reservation is paid.", "이미 결제되었습니다."],
];

/** Text of a server's message in the selected language; null for an unknown message. */
export const knownErrorText = (message: string): string | null => {
  for (const [pattern, en, ko] of messages) {
    const found = pattern.exec(message);
    if (found !== null) {
      const text = language.value === "ko" ? ko : en;
      return text.replaceAll(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? "");
    }
  }
  return null;
};

/** Text of a server's message; an unknown message is returned unchanged. */
export const errorText = (message: string): string => knownErrorText(message) ?? message;
