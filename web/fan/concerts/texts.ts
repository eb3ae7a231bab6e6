import { language } from "../../shared/language.ts";

const en = {
  dates: "Dates",
  prices: "Prices",
  limit: "Seats for each person",
  atMost: (n: number) => `At most ${n}`,
  sale: "Sale opens",
  draw: "Draw",
  zone: (zone: string) => `Times of ${zone}`,
  notFound: "There is no such concert",
  noPage: "There is no such page",
  listTitle: "Concerts",
  none: "No concert is announced yet.",
  noneText: "Concerts appear here with their dates, prices and the opening of the sale.",
  unshown: "This entry cannot be shown.",
  more: "Show more",
  toList: "All concerts",
  shop: "Shop",
  ofConcert: "Shop of this concert",
  opens: (when: string) => `Opens ${when}`,
  cancelled: "Cancelled",
};

const ko: typeof en = {
  dates: "공연일",
  prices: "가격",
  limit: "1인당 좌석",
  atMost: (n) => `최대 ${n}석`,
  sale: "예매 시작",
  draw: "추첨",
  zone: (zone) => `${zone} 기준`,
  notFound: "공연을 찾을 수 없어요",
  noPage: "페이지를 찾을 수 없어요",
  listTitle: "공연",
  none: "아직 등록된 공연이 없어요.",
  noneText: "공연이 등록되면 공연일, 가격, 예매 시작 시각과 함께 여기에 나타나요.",
  unshown: "이 항목은 표시할 수 없어요.",
  more: "더 보기",
  toList: "전체 공연",
  shop: "굿즈",
  ofConcert: "이 공연의 굿즈",
  opens: (when) => `${when} 시작`,
  cancelled: "취소된 공연",
};

/** Texts of the list of concerts and of a concert's facts. */
export const concertTexts = (): typeof en => (language.value === "ko" ? ko : en);
