import type { QueueStatus } from "../../../sdk/generated/index.ts";
import { language } from "../../shared/language.ts";

export type Ending = NonNullable<QueueStatus["endedReason"]> | "GONE";

/** Rounded to minutes because an estimate is no finer; at least one. */
const wholeMinutes = (seconds: number): number => Math.max(1, Math.round(seconds / 60));

const minutesEn = (seconds: number): string => {
  const minutes = wholeMinutes(seconds);
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const minutesKo = (seconds: number): string => {
  const minutes = wholeMinutes(seconds);
  return minutes < 60 ? `${minutes}분` : `${Math.floor(minutes / 60)}시간 ${minutes % 60}분`;
};

const en = {
  name: "Your name",
  nameHint: "Other fans do not see it.",
  signUp: "Sign up",
  noSignUp: "You cannot sign up on this page. Ask the organiser where to sign in.",
  retrying: "This page tries again by itself.",
  join: "Join the line",
  joinLobby: "Enter the lobby",
  joinList: "Join the waiting list",
  listText:
    "All seats were sold. Each seat that comes back goes to the next person on the waiting list.",
  onList: (n: string) => `${n} on the waiting list`,
  autoJoin: "Join for me when it opens",
  joinsAtOpening: "This page joins for you when the sale opens. Keep it open.",
  cancelAutoJoin: "Do not join for me",
  signedIn: (name: string) => `Signed in as ${name}`,
  someone: "a guest",
  notOpen: "The sale opens in",
  soldOut: "All seats are sold.",
  saleEnded: "Every date has begun. No seats are sold any more.",
  closed: "The organiser has closed this sale.",
  cancelled: "The concert is cancelled",
  cancelledText:
    "It does not take place. All tickets are refunded in full to the balance that paid for them, and held seats are released. You need not do anything.",
  inQueue: (n: string) => `${n} in line`,
  noQueue: "No one in line",
  notOpenLobby: "The lobby opens in",
  recovering: "The line is being restored. People who join now come after those who had a place.",
  next: "Next steps",
  steps: [
    "You get a place in line. A reload or a second device does not change it.",
    "When your turn comes, this page and its title tell you.",
    "Choose seats. They are held for you for a limited time.",
    "Pay from your balance. The tickets are yours at once.",
  ],
  same: "After a reload, in a second tab or on another device (see My tickets), your place is the same.",
  why: "Why do I wait?",
  whyText: "The number of people inside is limited, so that each has time to choose and pay.",
  wait: {
    about: (seconds: number) =>
      seconds < 50 ? "Less than a minute" : `About ${minutesEn(seconds)}`,
    most: (seconds: number) => `9 in 10 wait less than ${minutesEn(seconds)}`,
    unknown: "The wait cannot be estimated yet",
    unlikely:
      "More people are ahead of you than the free seats are likely to serve, so you may get none. Your place is kept: others may leave, and seats not paid in time become free again.",
    "none-left": "No seat is free now. Seats not paid in time become free again.",
    listed:
      "All seats are sold. When a seat comes back, the next person on this list gets a turn to take it. Keep this page open: a turn is short.",
  },
  rejoin: "Join again",
  earlier: "You had joined before. This is the same place.",
  leaveTitle: "Give up your place?",
  leaveText: "Seats that you hold become free. If you join again, you start at the back.",
  stay: "Stay",
  draw: {
    why: "How is the order drawn?",
    text: "All who join before the draw have the same chance. Your number is computed from a secret seed and your user id; the lowest number goes first. The seed’s fingerprint was published when the concert was created. The seed itself is published after the draw, so anyone can check it.",
    commitment: "Fingerprint of the seed",
    later:
      "After the draw, you can check it here against the fingerprint that this browser has seen.",
    insecure: "This browser can check a draw only over https.",
    check: "Check the draw in this browser",
    seedGood: "The seed matches the fingerprint.",
    seedBad: "The seed does NOT match the fingerprint.",
    commitmentGood: "The fingerprint is the one that this browser saw before the draw.",
    commitmentBad: "The fingerprint is NOT the one that this browser saw before the draw.",
    listGood: "The published list is complete and in order.",
    listBad: "The published list is NOT complete or not in order.",
    own: (value: string, place: string) => `Your number is ${value}: place ${place} of the draw.`,
    notDrawn: "You are not in the list. People who join after the draw come after it.",
    tooLong: "The list is too long for a browser; npm run verify-draw checks it.",
  },
  ended: {
    PAID: ["The seats are yours", "Show the code at the door. My tickets has it too."],
    LEFT: [
      "You left the line",
      "Your place was given up. If you join again, you start at the back.",
    ],
    LAPSED: [
      "Your turn has passed",
      "The time of your turn ran out. If you join again, you start at the back.",
    ],
    SOLD_OUT: ["Sold out", "All seats were sold before your turn came. No payment was made."],
    ENDED: [
      "The sale is over",
      "Every date has begun, so no seats are sold any more. No payment was made.",
    ],
    CLOSED: ["The sale is closed", "The organiser has closed it. No payment was made."],
    GONE: ["This place has ended", "If you join again, you start at the back."],
  } as Record<Ending, readonly [title: string, text: string]>,
};

const ko: typeof en = {
  name: "이름",
  nameHint: "다른 팬에게는 보이지 않아요.",
  signUp: "가입하기",
  noSignUp: "이 화면에서는 가입할 수 없어요. 로그인하는 곳은 주최 측에 문의하세요.",
  retrying: "이 화면이 자동으로 다시 시도해요.",
  join: "줄 서기",
  joinLobby: "대기실 들어가기",
  joinList: "예매 대기 신청",
  listText: "모든 좌석이 팔렸어요. 취소된 좌석은 예매 대기 순서대로 돌아가요.",
  onList: (n) => `예매 대기 ${n}명`,
  autoJoin: "예매가 시작되면 자동으로 줄 서기",
  joinsAtOpening: "예매가 시작되면 자동으로 줄을 서요. 이 화면을 열어 두세요.",
  cancelAutoJoin: "자동 줄 서기 취소",
  signedIn: (name) => `${name} 님으로 로그인됨`,
  someone: "손님",
  notOpen: "예매 시작까지",
  soldOut: "모든 좌석이 팔렸어요.",
  saleEnded: "모든 공연이 시작되어 예매가 끝났어요.",
  closed: "주최 측이 판매를 종료했어요.",
  cancelled: "공연이 취소됐어요",
  cancelledText:
    "이 공연은 열리지 않아요. 모든 티켓은 결제한 잔액으로 전액 환불되고, 선점한 좌석은 풀려요. 따로 하실 일은 없어요.",
  inQueue: (n) => `대기 ${n}명`,
  noQueue: "대기 없음",
  notOpenLobby: "대기실이 열리기까지",
  recovering: "줄을 복구하고 있어요. 지금 줄을 서면 원래 서 있던 분들 뒤에 서요.",
  next: "다음 단계",
  steps: [
    "줄을 서면 순서를 받아요. 새로고침하거나 다른 기기로 열어도 바뀌지 않아요.",
    "차례가 되면 이 화면과 제목으로 알려 드려요.",
    "좌석을 고르면 정해진 시간 동안 선점돼요.",
    "잔액으로 결제하면 바로 티켓이 나와요.",
  ],
  same: "새로고침하거나 다른 탭·기기(‘내 예매’ 참고)에서 열어도 순서는 같아요.",
  why: "왜 기다리나요?",
  whyText: "들어간 분이 여유 있게 고르고 결제할 수 있도록 입장 인원을 제한해요.",
  wait: {
    about: (seconds) => `예상 대기 시간 ${seconds < 50 ? "1분 이내" : `약 ${minutesKo(seconds)}`}`,
    most: (seconds) => `10명 중 9명은 ${minutesKo(seconds)} 안에 입장해요`,
    unknown: "예상 대기 시간을 아직 알 수 없어요",
    unlikely:
      "앞에 계신 분이 남은 좌석으로 모실 수 있는 인원보다 많아서, 좌석을 받지 못할 수 있어요. 순서는 그대로 유지돼요. 앞에서 나가는 분이 있거나 제때 결제되지 않은 좌석이 있으면 다시 풀려요.",
    "none-left": "지금은 남은 좌석이 없어요. 제때 결제되지 않은 좌석은 다시 풀려요.",
    listed:
      "모든 좌석이 팔렸어요. 취소된 좌석이 나오면 예매 대기 순서대로 차례가 와요. 차례는 짧으니 이 화면을 열어 두세요.",
  },
  rejoin: "다시 줄 서기",
  earlier: "전에 줄을 섰어요. 그때 받은 순서 그대로예요.",
  leaveTitle: "순서를 포기할까요?",
  leaveText: "선점한 좌석은 풀려요. 다시 줄을 서면 맨 뒤부터예요.",
  stay: "계속 기다리기",
  draw: {
    why: "순서는 어떻게 추첨하나요?",
    text: "추첨 전에 들어온 분은 모두 기회가 같아요. 비밀 시드와 내 사용자 ID로 번호를 계산하고, 번호가 작은 순서대로 입장해요. 시드의 지문은 공연을 등록할 때, 시드는 추첨 뒤에 공개하므로 누구나 확인할 수 있어요.",
    commitment: "시드의 지문",
    later: "추첨이 끝나면 이 브라우저가 미리 본 지문으로 여기에서 확인할 수 있어요.",
    insecure: "https로 접속해야 이 브라우저에서 추첨을 확인할 수 있어요.",
    check: "이 브라우저에서 추첨 확인하기",
    seedGood: "시드가 지문과 일치해요.",
    seedBad: "시드가 지문과 일치하지 않아요.",
    commitmentGood: "추첨 전에 이 브라우저가 본 지문과 같아요.",
    commitmentBad: "추첨 전에 이 브라우저가 본 지문과 달라요.",
    listGood: "공개된 명단이 빠짐없고 순서도 맞아요.",
    listBad: "공개된 명단이 빠졌거나 순서가 맞지 않아요.",
    own: (value, place) => `내 번호는 ${value}, 추첨 순서는 ${place}번이에요.`,
    notDrawn: "명단에 내가 없어요. 추첨 뒤에 줄을 선 분은 추첨된 분들 뒤에 서요.",
    tooLong: "명단이 길어서 브라우저에서 확인할 수 없어요. npm run verify-draw로 확인하세요.",
  },
  ended: {
    PAID: ["예매를 마쳤어요", "입장할 때 코드를 보여 주세요. ‘내 예매’에도 있어요."],
    LEFT: ["줄에서 나왔어요", "순서를 포기했어요. 다시 줄을 서면 맨 뒤부터예요."],
    LAPSED: ["차례가 지나갔어요", "내 차례의 시간이 끝났어요. 다시 줄을 서면 맨 뒤부터예요."],
    SOLD_OUT: ["매진됐어요", "차례가 오기 전에 모든 좌석이 팔렸어요. 결제한 금액은 없어요."],
    ENDED: ["예매가 끝났어요", "모든 공연이 시작되어 더는 예매할 수 없어요. 결제한 금액은 없어요."],
    CLOSED: ["판매가 종료됐어요", "주최 측이 판매를 종료했어요. 결제한 금액은 없어요."],
    GONE: ["이 순서는 끝났어요", "다시 줄을 서면 맨 뒤부터예요."],
  },
};

/** Texts of joining and leaving the queue, and of the list of concerts. */
export const joinTexts = (): typeof en => (language.value === "ko" ? ko : en);
