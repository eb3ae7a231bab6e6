import type { Reservation } from "../../../sdk/generated/index.ts";
import { language } from "../../shared/language.ts";

const status: Record<Reservation["status"], string> = {
  HELD: "Held",
  CONFIRMED: "Paid",
  EXPIRED: "Expired",
  CANCELLED: "Cancelled",
};

const en = {
  title: "My tickets",
  nobody: "You are not signed in here.",
  nobodyText:
    "You sign up when you join the line of a concert. If you bought tickets on another device, open My tickets there and choose “Use another device”.",
  tickets: "Tickets",
  noTickets: "No tickets yet. Tickets that you buy appear here, with the code for the door.",
  balance: "Balance",
  entries: "Charges and payments",
  noEntries: "None yet.",
  type: { CHARGE: "Charge", PAYMENT: "Payment" },
  when: "When",
  what: "Type",
  amount: "Amount",
  left: "Balance",
  reservations: "Reservations",
  status,
  goOn: "Go on and pay",
  browser: "This browser",
  otherDevice: "Use another device",
  otherText:
    "Anyone who opens this code or link can use your places, balance and tickets. Do not share it.",
  hide: "Hide",
  code: "Code that signs in another device",
  link: "Link",
  forget: "Sign out of this browser",
  forgetText:
    "If no other device is signed in as you, you cannot get back to this balance and these tickets.",
  cancel: "Stay signed in",
};

const ko: typeof en = {
  title: "내 예매",
  nobody: "이 브라우저에는 로그인되어 있지 않아요.",
  nobodyText:
    "공연 화면에서 줄을 설 때 가입해요. 다른 기기에서 예매했다면 그 기기의 ‘내 예매’에서 ‘다른 기기에서 이용하기’를 누르세요.",
  tickets: "티켓",
  noTickets: "아직 티켓이 없어요. 예매하면 입장 코드와 함께 여기에 나타나요.",
  balance: "잔액",
  entries: "충전·결제 내역",
  noEntries: "아직 내역이 없어요.",
  type: { CHARGE: "충전", PAYMENT: "결제" },
  when: "일시",
  what: "구분",
  amount: "금액",
  left: "잔액",
  reservations: "예약 내역",
  status: { HELD: "선점 중", CONFIRMED: "결제 완료", EXPIRED: "시간 만료", CANCELLED: "취소됨" },
  goOn: "이어서 결제하기",
  browser: "이 브라우저",
  otherDevice: "다른 기기에서 이용하기",
  otherText:
    "이 코드나 링크를 여는 사람은 내 순서와 잔액, 티켓을 쓸 수 있어요. 다른 사람에게 보여 주지 마세요.",
  hide: "숨기기",
  code: "다른 기기에서 로그인하는 코드",
  link: "링크",
  forget: "이 브라우저에서 로그아웃",
  forgetText: "로그인된 다른 기기가 없으면 이 잔액과 티켓을 다시 찾을 수 없어요.",
  cancel: "로그인 유지",
};

/** Texts of the page My tickets. */
export const accountTexts = (): typeof en => (language.value === "ko" ? ko : en);
