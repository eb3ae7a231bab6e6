import { language } from "../../shared/language.ts";

const en = {
  title: "Refund tickets",
  intro: "Choose the tickets that you give back. The money goes to your balance.",
  none: "None of your tickets can be refunded now.",
  close: "Close",
  until: (when: string) => `Refunds end on ${when}.`,
  ofTicket: (price: string, fee: string) => `${price}, fee ${fee}`,
  sum: (back: string, fee: string) => `You get ${back} back. The fee is ${fee}.`,
  choose: "Choose at least one ticket.",
  refund: "Refund",
  askTitle: "Refund these tickets?",
  askText: (places: string, back: string, fee: string) =>
    `${places}. You get ${back} back, and the fee is ${fee}. The codes stop working at once, and others can buy the seats.`,
  yes: "Refund now",
  no: "Keep the tickets",
  done: (back: string) => `The tickets are refunded. You got ${back} back on your balance.`,
  payable: (back: string) =>
    `The tickets are refunded. Your balance has no room for ${back}, so the organiser pays it out.`,
  refusal: {
    policy: "This concert has no refunds.",
    time: "It is too late for a refund.",
    used: "A ticket was used at the door.",
    void: "A ticket is refunded already.",
    transferred: "A ticket was passed on to another user.",
  },
};

const ko: typeof en = {
  title: "티켓 환불",
  intro: "환불할 티켓을 고르세요. 돈은 내 잔액으로 돌아와요.",
  none: "지금 환불할 수 있는 티켓이 없어요.",
  close: "닫기",
  until: (when) => `${when}까지 환불할 수 있어요.`,
  ofTicket: (price, fee) => `${price}, 수수료 ${fee}`,
  sum: (back, fee) => `${back}을 돌려받아요. 수수료는 ${fee}이에요.`,
  choose: "티켓을 하나 이상 고르세요.",
  refund: "환불하기",
  askTitle: "이 티켓을 환불할까요?",
  askText: (places, back, fee) =>
    `${places}. 돌려받는 금액은 ${back}, 수수료는 ${fee}이에요. 입장 코드는 바로 쓸 수 없게 되고, 다른 사람이 그 좌석을 살 수 있어요.`,
  yes: "지금 환불하기",
  no: "티켓 그대로 두기",
  done: (back) => `환불했어요. ${back}이 잔액으로 돌아왔어요.`,
  payable: (back) => `환불했어요. 잔액 한도가 차서 ${back}은 주최 측이 따로 돌려줘요.`,
  refusal: {
    policy: "환불하지 않는 공연이에요.",
    time: "환불할 수 있는 시간이 지났어요.",
    used: "이미 입장에 쓴 티켓이 있어요.",
    void: "이미 환불한 티켓이 있어요.",
    transferred: "다른 사람에게 넘긴 티켓이 있어요.",
  },
};

/** Texts of refunds. */
export const refundTexts = (): typeof en => (language.value === "ko" ? ko : en);
