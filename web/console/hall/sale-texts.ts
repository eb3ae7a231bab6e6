import { language } from "../../shared/language.ts";

const en = {
  correct: "Correct the sale",
  correctText: "For mistakes. A new price counts for seats that are not held or sold.",
  priceOf: (grade: string) => `Price of ${grade}`,
  save: "Save",
  saved: "Saved.",
  unchanged: "Change something first.",
  conflict:
    "Another operator has changed this sale meanwhile. Fields that you did not touch show the present values. Look at them, then save again.",
  datesText:
    "Add a date with all seats of the hall, or move the start of a show within its day. Holds and tickets stay.",
  whichDate: "Show",
  newDate: "A new date",
  typeStart: "Type a start first.",
  changeStart: "Change the start first.",
  moveStart: "Move the start",
};

const ko: typeof en = {
  correct: "판매 정보 고치기",
  correctText: "실수를 바로잡을 때 씁니다. 새 가격은 선점되거나 팔리지 않은 좌석에 적용됩니다.",
  priceOf: (grade) => `${grade} 가격`,
  save: "저장",
  saved: "저장했습니다.",
  unchanged: "먼저 값을 바꾸세요.",
  conflict:
    "그사이 다른 운영자가 이 판매를 바꿨습니다. 건드리지 않은 값은 지금 값으로 보입니다. 확인한 다음 다시 저장하세요.",
  datesText:
    "모든 좌석이 있는 날짜를 추가하거나, 공연 시작 시각을 같은 날 안에서 바꿉니다. 선점된 좌석과 티켓은 그대로입니다.",
  whichDate: "공연",
  newDate: "새 날짜",
  typeStart: "먼저 시작 시각을 입력하세요.",
  changeStart: "먼저 시작 시각을 바꾸세요.",
  moveStart: "시작 시각 바꾸기",
};

/** Texts of correcting a sale. */
export const saleTexts = (): typeof en => (language.value === "ko" ? ko : en);
