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
  loading: "불러오는 중…",
  retry: "다시 시도",
  again: (s) => `${s}초 뒤 다시 시도`,
  busy: "서버가 붐비고 있어요",
  lost: "연결이 끊겼어요",
  keeps: "이 화면이 자동으로 다시 연결해요. 다시 줄 서지 않아도 돼요.",
  broken: "화면 일부를 불러오지 못했어요.",
  state: {
    SCHEDULED: "판매 예정",
    LOBBY: "대기실 열림",
    OPEN: "예매 중",
    PAUSED: "일시 중지",
    RECOVERING: "복구 중",
    ALL_HELD: "전 좌석 선점 중",
    SOLD_OUT: "매진",
    ENDED: "예매 종료",
    CLOSED: "판매 종료",
  },

  lobby: "대기실에 들어왔어요",
  lobbyText: "먼저 왔다고 유리하지 않아요. 순서는 추첨으로 정해요.",
  untilDraw: "추첨까지",
  waiting: "내 대기 순서",
  near: "앞쪽까지 왔어요",
  nearText: "이 화면을 열어 두세요. 차례가 되면 알려 드려요.",
  turn: "내 차례예요",
  turnText: "입장해서 좌석을 고르세요. 시간이 가고 있어요.",
  paused: "줄이 멈췄어요",
  pausedText: "주최 측이 입장을 멈췄어요. 순서는 그대로예요.",
  recovering: "줄을 복구하고 있어요",
  recoveringText: "원래 순서대로 복구하고 있어요. 내 순서는 그대로예요.",
  held: "모든 좌석이 선점됐어요",
  heldText: "다른 분들이 결제하고 있어요. 제때 결제하지 않은 좌석은 다시 풀려요.",

  ahead: (n) => `내 앞에 ${n}명`,
  first: "내 앞에 아무도 없어요",
  about: (seconds) => `예상 대기 시간 ${seconds < 50 ? "1분 이내" : `약 ${duration(seconds)}`}`,
  most: (seconds) => `10명 중 9명은 ${duration(seconds)} 안에 입장해요`,
  unknown: "예상 대기 시간을 아직 알 수 없어요",
  updated: (s) => `${s}초 전 갱신`,
  justNow: "방금 갱신",
  seatsLeft: (n) => `남은 좌석 ${n}석`,
  progress: "대기 진행률",
  alarm: "차례가 되면 소리와 알림 받기",
  leave: "줄에서 나가기",
  titleWaiting: (n) => `(${n}) 대기 중`,
  titleTurn: "내 차례!",
};

export default texts;
