import { language } from "../shared/language.ts";

const en: Readonly<Record<string, string>> = {
  "concert.created": "Sale created",
  "policy.changed": "Settings changed",
  "queue.paused": "Admission paused",
  "queue.resumed": "Admission resumed",
  "queue.closed": "Sale closed",
  "concert.cancelled": "Concert cancelled",
  "reservation.released": "Hold released",
  "concert.corrected": "Sale corrected",
  "date.added": "Date added",
  "date.moved": "Start moved",
  "tickets.refunded": "Tickets refunded",
  "ticket.transferred": "Ticket passed on",
  "seats.blocked": "Seats blocked",
  "seats.unblocked": "Seats unblocked",
  "balance.charged": "Balance charged at the desk",
  "export.downloaded": "File downloaded",
  "product.created": "Product created",
  "product.corrected": "Product changed",
  "order.refunded": "Order of goods refunded",
  "renew-recovery-code": "Recovery code renewed",
};

const ko: typeof en = {
  "concert.created": "판매 생성",
  "policy.changed": "설정 변경",
  "queue.paused": "입장 멈춤",
  "queue.resumed": "입장 재개",
  "queue.closed": "판매 종료",
  "concert.cancelled": "공연 취소",
  "reservation.released": "선점 해제",
  "concert.corrected": "판매 정보 수정",
  "date.added": "날짜 추가",
  "date.moved": "시작 시각 변경",
  "tickets.refunded": "티켓 환불",
  "ticket.transferred": "티켓 전달",
  "seats.blocked": "좌석을 판매에서 제외",
  "seats.unblocked": "좌석을 판매로 복귀",
  "balance.charged": "창구에서 잔액 충전",
  "export.downloaded": "파일 다운로드",
  "product.created": "상품 등록",
  "product.corrected": "상품 변경",
  "order.refunded": "굿즈 주문 환불",
  "renew-recovery-code": "복구 코드 재발급",
};

/** The texts of the actions in the audit trail, by the names that the server writes. */
export const actionTexts = (): typeof en => (language.value === "ko" ? ko : en);

/** The text of an action; an unknown one is returned unchanged. */
export const actionText = (action: string): string => actionTexts()[action] ?? action;
