import type { Texts } from "./en.ts";

const duration = (seconds: number): string => {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? `${minutes}분` : `${Math.floor(minutes / 60)}시간 ${minutes % 60}분`;
};

const texts: Texts = {
  days: (n) => `${n}일`,
  skip: "본문으로 건너뛰기",
  me: "내 예매",
  other: "English",
  loading: "불러오는 중 …",
  retry: "다시 시도",
  again: (s) => `${s}초 뒤 다시 연결합니다`,
  busy: "서버가 붐비고 있습니다",
  lost: "연결이 끊어졌습니다",
  keeps: "순서는 그대로 유지됩니다. 자동으로 다시 연결합니다.",
  broken: "화면 일부를 불러오지 못했습니다.",
  state: {
    SCHEDULED: "판매 예정",
    LOBBY: "대기실 입장 가능",
    OPEN: "예매 중",
    PAUSED: "일시 중지",
    RECOVERING: "곧 재개",
    ALL_HELD: "전 좌석 선점 중",
    SOLD_OUT: "매진",
    CLOSED: "판매 종료",
  },

  dates: "공연일",
  prices: "가격",
  sale: "예매 오픈",
  draw: "추첨",
  zone: (zone) => `${zone} 기준`,

  lobby: "대기실에 입장했습니다",
  lobbyText: "먼저 온 순서는 상관없습니다. 순서는 추첨으로 정합니다.",
  untilDraw: "추첨까지",
  waiting: "나의 대기 순서",
  near: "곧 입장합니다",
  nearText: "화면을 떠나지 마세요. 잠시 후 차례가 됩니다.",
  turn: "내 차례입니다",
  turnText: "입장해서 좌석을 고르세요. 시간은 이미 흐르고 있습니다.",
  claim: "남은 시간",
  enter: "좌석 고르기",
  paused: "대기열이 잠시 멈췄습니다",
  pausedText: "주최 측이 잠시 멈췄습니다. 순서는 그대로 유지됩니다.",
  recovering: "대기열을 복구하고 있습니다",
  recoveringText: "원래 순서대로 복구 중이며 내 순서는 유지됩니다.",
  held: "모든 좌석이 선점되었습니다",
  heldText: "다른 분들이 결제 중입니다. 제때 결제되지 않은 좌석이 풀리면 줄이 움직입니다.",

  ahead: (n) => `내 앞에 ${n}명`,
  first: "내 앞에 아무도 없습니다",
  about: (seconds) => `예상 대기 시간 ${duration(seconds)}${seconds < 50 ? " 이내" : ""}`,
  most: (seconds) => `열에 아홉은 ${duration(seconds)} 안에 입장`,
  unknown: "줄이 움직이면 예상 시간을 알려 드립니다",
  updated: (s) => `${s}초 전 갱신`,
  justNow: "방금 갱신",
  seatsLeft: (n) => `남은 좌석 ${n}석`,
  progress: "대기 진행률",
  same: "새로고침하거나 다른 탭·기기(‘내 예매’ 참고)에서 열어도 순서는 그대로입니다.",
  why: "왜 기다리나요?",
  whyText: "안에 있는 분들이 편하게 고르고 결제할 수 있도록 일정한 속도로 입장합니다.",
  next: "다음 순서",
  steps: [
    "차례가 되면 이 화면과 제목으로 알려 드립니다.",
    "좌석을 고릅니다. 결제하는 동안 좌석이 선점됩니다.",
    "잔액으로 결제하면 바로 티켓이 발급됩니다.",
  ],
  alarm: "차례가 되면 소리와 알림 받기",
  leave: "줄에서 나가기",
  titleWaiting: (n) => `(${n}) 대기 중`,
  titleTurn: "내 차례!",
};

export default texts;
