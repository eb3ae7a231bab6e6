import type { Failure } from "../../../sdk/client.ts";
import { language } from "../../shared/language.ts";
import { texts } from "../texts/index.ts";

const en = {
  ended: "Your session here has ended",
  endedText: "Your place, your balance and your tickets are kept. Sign in again to go on.",
  refused: (code: string) =>
    `The server refused this (${code}). Reload the page. If it stays, tell the organiser this code.`,
  failed: "The server failed. Try again in a moment.",
  code: "Recovery code",
  codeHint: "You got it when you signed up.",
  wrongCode: "This code is not valid. It may have been used, or a newer one replaces it.",
  signIn: "Sign in with the code",
  noCode: (userId: string) =>
    `Without the code, the organiser can give you a new one. Tell your user id: ${userId}`,
  saveTitle: "Save your recovery code",
  saveText:
    "It signs you in when this browser or this device is lost. Write it down or take a picture. It disappears when you have saved it.",
  saved: "I have saved it",
};

const ko: typeof en = {
  ended: "이 브라우저의 로그인이 끝났어요",
  endedText: "순서와 잔액, 티켓은 그대로 있어요. 다시 로그인하면 이어서 할 수 있어요.",
  refused: (code) =>
    `서버가 요청을 거절했어요(${code}). 새로고침해 보고, 계속되면 주최 측에 이 코드를 알려 주세요.`,
  failed: "서버에 문제가 생겼어요. 잠시 뒤에 다시 시도해 주세요.",
  code: "복구 코드",
  codeHint: "가입할 때 받은 코드예요.",
  wrongCode: "올바른 코드가 아니에요. 이미 썼거나 새 코드로 바뀐 코드일 수 있어요.",
  signIn: "코드로 로그인하기",
  noCode: (userId) =>
    `코드가 없으면 주최 측에서 새 코드를 받을 수 있어요. 내 사용자 ID를 알려 주세요: ${userId}`,
  saveTitle: "복구 코드를 저장하세요",
  saveText:
    "이 브라우저나 기기를 잃어버려도 이 코드로 로그인할 수 있어요. 적어 두거나 화면을 찍어 두세요. 저장했다고 누르면 사라져요.",
  saved: "저장했어요",
};

/** Texts of sessions, and of refusals that any request can get. */
export const sessionTexts = (): typeof en => (language.value === "ko" ? ko : en);

/** The text of a failure that the page has no words of its own for. */
export const failureText = ({ code }: Failure): string => {
  const t = sessionTexts();
  switch (code) {
    case "NO_ANSWER":
      return texts().lost;
    case "UNAVAILABLE":
    case "RATE_LIMITED":
    case "IDEMPOTENCY_IN_PROGRESS":
      return texts().busy;
    case "INTERNAL":
      return t.failed;
    case "ACCESS_TOKEN_INVALID":
      return t.ended;
    case "CREDENTIAL_INVALID":
      return t.wrongCode;
    default:
      return t.refused(code);
  }
};
