import { language } from "../../shared/language.ts";

const en = {
  best: "Find me the best seats",
  bestText:
    "Choose how many and at what price. The server picks free seats nearest to the stage, side by side where it can.",
  count: "How many",
  fewer: "One fewer",
  more: "One more",
  price: "Price",
  anyPrice: "Any price",
  onlyTogether: "Only side by side",
  inSection: (name: string) => `Only in ${name}`,
  everywhere: "Anywhere in the hall",
  find: (count: string) => (count === "1" ? "Hold the best seat" : `Hold the best ${count} seats`),
  findStanding: (count: string) =>
    count === "1" ? "Hold a standing place" : `Hold ${count} standing places`,
  finding: "Looking for seats …",
  orChoose: "Or choose by yourself",
  noneLeft: "none left",
  tapHint: "Tap a section, then a seat.",
  standing: "standing",
  sectionOf: (name: string, count: string) => `${name}: ${count} free`,
  rowOf: (name: string, count: string) => `Row ${name}: ${count} free`,
  noFree: "No free seat here.",
};

const ko: typeof en = {
  best: "좋은 자리 찾기",
  bestText: "인원과 가격을 고르세요. 무대에서 가까운 빈 좌석을 되도록 나란히 골라 드려요.",
  count: "인원",
  fewer: "한 명 빼기",
  more: "한 명 더하기",
  price: "가격",
  anyPrice: "가격 상관없음",
  onlyTogether: "나란히 붙은 좌석만",
  inSection: (name) => `${name} 구역에서만`,
  everywhere: "공연장 전체에서",
  find: (count) => `좋은 자리 ${count}석 선점하기`,
  findStanding: (count) => `스탠딩 ${count}석 선점하기`,
  finding: "좌석을 찾는 중…",
  orChoose: "직접 고르기",
  noneLeft: "매진",
  tapHint: "구역을 누른 다음 좌석을 고르세요.",
  standing: "스탠딩",
  sectionOf: (name, count) => `${name}: 잔여 ${count}석`,
  rowOf: (name, count) => `${name}열: 잔여 ${count}석`,
  noFree: "남은 좌석이 없어요.",
};

/** Texts of a large hall: the best seats, the map and the list. */
export const hallTexts = (): typeof en => (language.value === "ko" ? ko : en);
