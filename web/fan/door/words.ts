import type { QueueStatus } from "../../../sdk/generated/index.ts";
import { language } from "../../shared/language.ts";

export type Ending = NonNullable<QueueStatus["endedReason"]> | "GONE";

const en = {
  name: "Your name",
  nameHint: "Shown to nobody else. Kept in this browser.",
  signUp: "Sign up",
  noSignUp: "People sign in elsewhere here. Ask the organiser for the address.",
  join: "Join the line",
  joinLobby: "Enter the lobby",
  joinSoon: "Join for me when it opens",
  armed: "You join by yourself the moment it opens. Leave this page open.",
  disarm: "Do not join for me",
  signedIn: (name: string) => `Signed in as ${name}`,
  someone: "a guest",
  notOpen: "The sale opens in",
  soldOut: "Every seat is sold.",
  closed: "The organiser has closed this sale.",
  inLine: (n: string) => `${n} in line`,
  rejoin: "Join again",
  leaveAsk: "Give up your place?",
  leaveText: "You can join again later, but only at the back.",
  stay: "Stay",
  listTitle: "Concerts",
  none: "No concert is announced yet.",
  more: "Show more",
  opens: (when: string) => `Opens ${when}`,
  drawWhy: "How is the order drawn?",
  drawText:
    "Everybody who joins before the draw has the same chance. Your number is computed from a secret seed and your user id; the lowest goes first. The seed's fingerprint was published when the concert was made, and the seed is published after the draw, so anybody can check it.",
  commitment: "Fingerprint of the seed",
  ended: {
    PAID: ["The seats are yours", "Show the code at the door. It is in My tickets, too."],
    LEFT: ["You left the line", "Your place was given up. You may join again, at the back."],
    LAPSED: [
      "Your turn has passed",
      "The time for choosing ran out, and the next person came in. You may join again, at the back.",
    ],
    SOLD_OUT: ["Sold out", "Every seat was bought before your turn came. Nothing was charged."],
    CLOSED: ["The sale is closed", "The organiser has closed it. Nothing was charged."],
    GONE: ["This place has ended", "You may join again, at the back."],
  } as Record<Ending, readonly [title: string, text: string]>,
};

const ko: typeof en = {
  name: "이름",
  nameHint: "다른 사람에게 보이지 않으며 이 브라우저에만 저장됩니다.",
  signUp: "가입하기",
  noSignUp: "이곳은 다른 곳에서 로그인합니다. 주최 측에 주소를 문의하세요.",
  join: "줄 서기",
  joinLobby: "대기실 입장",
  joinSoon: "오픈되면 자동으로 줄 서기",
  armed: "오픈되는 순간 자동으로 줄을 섭니다. 이 화면을 열어 두세요.",
  disarm: "자동 줄 서기 취소",
  signedIn: (name) => `${name} 님으로 이용 중`,
  someone: "손님",
  notOpen: "예매 오픈까지",
  soldOut: "모든 좌석이 판매되었습니다.",
  closed: "주최 측이 판매를 종료했습니다.",
  inLine: (n) => `대기 ${n}명`,
  rejoin: "다시 줄 서기",
  leaveAsk: "순서를 포기할까요?",
  leaveText: "나중에 다시 설 수 있지만 맨 뒤부터입니다.",
  stay: "계속 기다리기",
  listTitle: "공연",
  none: "아직 등록된 공연이 없습니다.",
  more: "더 보기",
  opens: (when) => `${when} 오픈`,
  drawWhy: "순서는 어떻게 추첨하나요?",
  drawText:
    "추첨 전에 들어온 모두의 기회는 같습니다. 비밀 시드와 내 사용자 ID로 번호를 계산해 작은 번호부터 입장합니다. 시드의 지문은 공연 등록 때, 시드는 추첨 뒤에 공개되므로 누구나 확인할 수 있습니다.",
  commitment: "시드의 지문",
  ended: {
    PAID: ["예매가 완료되었습니다", "입장할 때 코드를 보여 주세요. ‘내 예매’에도 있습니다."],
    LEFT: ["줄에서 나왔습니다", "순서를 포기했습니다. 다시 서려면 맨 뒤부터입니다."],
    LAPSED: [
      "차례가 지나갔습니다",
      "선택 시간이 끝나 다음 분이 입장했습니다. 다시 서려면 맨 뒤부터입니다.",
    ],
    SOLD_OUT: ["매진되었습니다", "차례가 오기 전에 모두 판매되었습니다. 결제된 금액은 없습니다."],
    CLOSED: ["판매가 종료되었습니다", "주최 측이 판매를 종료했습니다. 결제된 금액은 없습니다."],
    GONE: ["이 순서는 끝났습니다", "다시 서려면 맨 뒤부터입니다."],
  },
};

/** The texts on the way in and out of the line. */
export const doorWords = (): typeof en => (language.value === "ko" ? ko : en);
