import { language } from "../language.ts";

const en = {
  map: "Seat map",
  hint: "Plus and minus zoom, 0 shows the whole hall, Shift with an arrow key moves it. Arrow keys go from seat to seat, space selects.",
  larger: "Zoom in",
  smaller: "Zoom out",
  whole: "Whole hall",
  stage: "Stage",
};

const ko: typeof en = {
  map: "좌석 배치도",
  hint: "+와 -로 확대·축소, 0으로 전체 보기, Shift와 화살표로 화면 이동, 화살표로 좌석 이동, 스페이스로 선택",
  larger: "확대",
  smaller: "축소",
  whole: "전체 보기",
  stage: "무대",
};

/** Texts of a map of seats, for fans and operators. */
export const mapTexts = (): typeof en => (language.value === "ko" ? ko : en);
