import type { HeldTicket, LedgerEntry } from "../../../sdk/generated/schemas.ts";
import { language } from "../../shared/language.ts";

const entryType: Record<LedgerEntry["type"], string> = {
  CHARGE: "Charge",
  PAYMENT: "Payment",
  REFUND: "Refund",
  FEE: "Refund fee",
};

const voidReason: Record<NonNullable<HeldTicket["voidReason"]>, string> = {
  PASSED_ON: "Void: passed on",
  CANCELLED: "Void: concert cancelled, refunded",
  REFUNDED: "Void: refunded",
};

const en = {
  search: "Search",
  searchSales: "Title, venue or id",
  anyState: "Any state",
  stateLabel: "State",
  which: "Which sales",
  current: "Current",
  archive: "Archive: closed, or every date has begun",
  noneFound: "No sale fits the search.",
  users: "Users",
  searchUsers: "Name or user id",
  searchUsersHint: "The beginning of the name, or the whole id. Empty: the newest users.",
  noUsers: "No user fits the search.",
  noName: "No name",
  erased: (at: string) => `Erased ${at}`,
  createdAt: (at: string) => `Created ${at}`,
  noSuchUser: "There is no such user.",
  balance: "Balance",
  places: "Places in queues",
  reservations: "Reservations",
  payments: "Payments",
  tickets: "Tickets",
  entries: "Changes of the balance",
  refundPayment: "Refund this payment …",
  refunded: (amount: string) => `${amount} refunded`,
  refundedLessFees: (amount: string, fees: string) => `${amount} refunded, less ${fees} in fees`,
  nothing: "None.",
  newest: "Only the newest 100 are shown.",
  heldUntil: (at: string) => `until ${at}`,
  reservationStatus: {
    HELD: "Held",
    CONFIRMED: "Paid",
    EXPIRED: "Expired",
    CANCELLED: "Released",
  },
  ticketStatus: { VALID: "Valid", USED: "Used", VOID: "Void" },
  voidReason,
  entryType,
  balanceAfter: (balance: string) => `balance ${balance}`,
  downloads: "Files",
  downloadsHint:
    "CSV files for spreadsheets, as of this moment. They hold personal data, and the audit trail records each download.",
  books: { tickets: "Tickets", payments: "Payments", ledger: "Ledger", queue: "Queue" },
  downloading: (book: string) => `Downloading: ${book} …`,
  downloaded: (book: string) => `Downloaded: ${book}.`,
  brokenOff: "The download broke off, and nothing was saved. Try again.",
};

export type FindTexts = typeof en;

const ko: FindTexts = {
  search: "검색",
  searchSales: "제목, 장소 또는 ID",
  anyState: "모든 상태",
  stateLabel: "상태",
  which: "표시할 판매",
  current: "진행 중",
  archive: "보관함: 종료되었거나 모든 공연이 시작됨",
  noneFound: "검색에 맞는 판매가 없습니다.",
  users: "사용자",
  searchUsers: "이름 또는 사용자 ID",
  searchUsersHint: "이름의 앞부분이나 ID 전체를 입력하세요. 비우면 최근 사용자를 보여 줍니다.",
  noUsers: "검색에 맞는 사용자가 없습니다.",
  noName: "이름 없음",
  erased: (at) => `${at} 삭제됨`,
  createdAt: (at) => `${at} 가입`,
  noSuchUser: "그런 사용자가 없습니다.",
  balance: "잔액",
  places: "대기 순서",
  reservations: "예약",
  payments: "결제",
  tickets: "티켓",
  entries: "잔액 변동",
  refundPayment: "이 결제 환불 …",
  refunded: (amount) => `${amount} 환불`,
  refundedLessFees: (amount, fees) => `${amount} 환불(수수료 ${fees} 제외)`,
  nothing: "없습니다.",
  newest: "최근 100건만 표시합니다.",
  heldUntil: (at) => `${at}까지`,
  reservationStatus: {
    HELD: "선점 중",
    CONFIRMED: "결제됨",
    EXPIRED: "만료됨",
    CANCELLED: "해제됨",
  },
  ticketStatus: { VALID: "사용 전", USED: "사용함", VOID: "무효" },
  voidReason: {
    PASSED_ON: "무효: 전달됨",
    CANCELLED: "무효: 공연 취소로 환불됨",
    REFUNDED: "무효: 환불됨",
  },
  entryType: { CHARGE: "충전", PAYMENT: "결제", REFUND: "환불", FEE: "환불 수수료" },
  balanceAfter: (balance) => `잔액 ${balance}`,
  downloads: "파일",
  downloadsHint:
    "지금 시점의 내용을 담은 스프레드시트용 CSV 파일입니다. 개인정보가 들어 있으며, 다운로드할 때마다 변경 기록에 남습니다.",
  books: { tickets: "티켓", payments: "결제", ledger: "원장", queue: "대기열" },
  downloading: (book) => `다운로드 중: ${book} …`,
  downloaded: (book) => `다운로드 완료: ${book}`,
  brokenOff: "다운로드가 중간에 끊겨 저장하지 않았습니다. 다시 시도하세요.",
};

/** The texts of searches, of the page of a user and of downloads, in the selected language. */
export const findTexts = (): FindTexts => (language.value === "ko" ? ko : en);
