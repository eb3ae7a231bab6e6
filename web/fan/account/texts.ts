import type { LedgerEntry, Reservation } from "../../../sdk/generated/index.ts";
import { language } from "../../shared/language.ts";

const status: Record<Reservation["status"], string> = {
  HELD: "Held",
  CONFIRMED: "Paid",
  EXPIRED: "Expired",
  CANCELLED: "Cancelled",
};

const type: Record<LedgerEntry["type"], string> = {
  CHARGE: "Charge",
  PAYMENT: "Payment",
  REFUND: "Refund",
  FEE: "Refund fee",
};

const en = {
  title: "My tickets",
  nobody: "You are not signed in here.",
  nobodyText:
    "You sign up when you join the line of a concert. To use an account that you have, open My tickets on the other device and choose “Use another device”, or sign in with your recovery code.",
  tickets: "Tickets",
  noTickets: "No tickets yet. Tickets that you buy appear here, with the code for the door.",
  refund: "Refund tickets",
  balance: "Balance",
  entries: "Charges and payments",
  noEntries: "None yet.",
  type,
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
    "The device that opens this code or link can use your places, balance and tickets. Do not share it.",
  codeLasts: "It works once, for",
  codeOver: "This code was used or has expired. Show a new one on the other device.",
  newCode: "Show a new code",
  code: "Code that signs in another device",
  link: "Link",
  takeTitle: "Sign in with the code of another device?",
  takeText: "This browser then uses the places, balance and tickets of that device’s user.",
  take: "Sign in",
  notNow: "Not now",
  takeTaken: (name: string) =>
    `This browser is signed in as ${name} already, so the link was not used. Sign out first, then open a new link.`,
  userId: (userId: string) => `User id: ${userId}`,
  forget: "Sign out of this browser",
  forgetText:
    "You get back in with your recovery code, or from a device that stays signed in. Without both, this balance and these tickets are out of reach.",
  signInAgain: "You get back in by signing in again.",
  forgetAll: "Sign out on every device",
  forgetAllText:
    "This ends every session, also here. You get back in only with your recovery code. Your places stay; join again after signing in.",
  cancel: "Stay signed in",
};

const ko: typeof en = {
  title: "내 예매",
  nobody: "이 브라우저에는 로그인되어 있지 않아요.",
  nobodyText:
    "공연 화면에서 줄을 설 때 가입해요. 이미 계정이 있다면 다른 기기의 ‘내 예매’에서 ‘다른 기기에서 이용하기’를 누르거나 복구 코드로 로그인하세요.",
  tickets: "티켓",
  noTickets: "아직 티켓이 없어요. 예매하면 입장 코드와 함께 여기에 나타나요.",
  refund: "티켓 환불",
  balance: "잔액",
  entries: "충전·결제 내역",
  noEntries: "아직 내역이 없어요.",
  type: { CHARGE: "충전", PAYMENT: "결제", REFUND: "환불", FEE: "환불 수수료" },
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
    "이 코드나 링크를 여는 기기는 내 순서와 잔액, 티켓을 쓸 수 있어요. 다른 사람에게 보여 주지 마세요.",
  codeLasts: "한 번만 쓸 수 있어요. 남은 시간",
  codeOver: "이미 썼거나 시간이 지난 코드예요. 다른 기기에서 새 코드를 띄우세요.",
  newCode: "새 코드 보기",
  code: "다른 기기에서 로그인하는 코드",
  link: "링크",
  takeTitle: "다른 기기의 코드로 로그인할까요?",
  takeText: "로그인하면 이 브라우저에서 그 기기 사용자의 순서와 잔액, 티켓을 써요.",
  take: "로그인",
  notNow: "나중에",
  takeTaken: (name) =>
    `이 브라우저에는 이미 ${name} 님이 로그인되어 있어서 링크를 쓰지 않았어요. 먼저 로그아웃한 다음 새 링크를 여세요.`,
  userId: (userId) => `사용자 ID: ${userId}`,
  forget: "이 브라우저에서 로그아웃",
  forgetText:
    "복구 코드나 로그인된 다른 기기로 다시 들어올 수 있어요. 둘 다 없으면 이 잔액과 티켓을 다시 찾을 수 없어요.",
  signInAgain: "다시 로그인하면 돌아올 수 있어요.",
  forgetAll: "모든 기기에서 로그아웃",
  forgetAllText:
    "이 브라우저를 포함해 모든 기기에서 로그아웃돼요. 복구 코드로만 다시 들어올 수 있어요. 순서는 그대로 있으니 로그인한 뒤 다시 줄을 서세요.",
  cancel: "로그인 유지",
};

/** Texts of the page My tickets. */
export const accountTexts = (): typeof en => (language.value === "ko" ? ko : en);
