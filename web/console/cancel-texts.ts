import { language } from "../shared/language.ts";

const en = {
  closeWarn:
    "All waiting places end, and no one can join again. This cannot be undone. Active users can still buy until their time is over.",
  closeNow: "Close for good",
  cancelling: "Cancelled concert",
  cancellingText:
    "When the concert does not take place: the sale ends at once, and all tickets are refunded in full.",
  cancelConcert: "Cancel the concert …",
  cancelWarn:
    "From this moment no seat is held, paid or admitted. All holds end, and all tickets, used ones too, are refunded in full to their buyers. This cannot be undone.",
  cancelNow: "Cancel for good",
  cancelledOn: (moment: string) => `The concert was cancelled: ${moment}`,
  ticketsRefunded: (done: string, total: string, amount: string) =>
    `${done} of ${total} tickets refunded: ${amount}`,
  refunding: "Progress of the refunds",
  refundedOn: (moment: string) => `All refunds were done: ${moment}`,
};

const ko: typeof en = {
  closeWarn:
    "모든 대기가 끝나고 아무도 다시 줄을 설 수 없습니다. 되돌릴 수 없습니다. 이미 입장한 사용자는 남은 시간 동안 구매할 수 있습니다.",
  closeNow: "완전히 종료",
  cancelling: "공연 취소",
  cancellingText:
    "공연이 열리지 않을 때 사용합니다. 판매가 바로 끝나고 모든 티켓이 전액 환불됩니다.",
  cancelConcert: "공연 취소…",
  cancelWarn:
    "지금부터 좌석 선점, 결제, 입장이 모두 중단됩니다. 모든 선점이 끝나고, 사용한 티켓을 포함한 모든 티켓이 예매자에게 전액 환불됩니다. 되돌릴 수 없습니다.",
  cancelNow: "완전히 취소",
  cancelledOn: (moment) => `취소된 공연입니다: ${moment}`,
  ticketsRefunded: (done, total, amount) => `티켓 ${total}장 중 ${done}장 환불: ${amount}`,
  refunding: "환불 진행 상황",
  refundedOn: (moment) => `환불이 모두 끝났습니다: ${moment}`,
};

/** Texts of the closing of a sale, and of the cancelling of a concert. */
export const cancelTexts = (): typeof en => (language.value === "ko" ? ko : en);
