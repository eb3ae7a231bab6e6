import { language } from "../../shared/language.ts";

const en = {
  finishing: "Signing in …",
  title: "Sign-in",
  stale: "This sign-in is over, or it began in another tab. Sign in again.",
  cancelled: "You did not finish the sign-in.",
  refused:
    "The sign-in service gave no valid answer. Sign in again. If it stays, tell the organiser.",
  "not-accepted":
    "You are signed in, but this sale does not accept your account. Something may be missing there, such as a verified phone number. Complete it, or ask the organiser.",
  back: "Go back without signing in",
};

const ko: typeof en = {
  finishing: "로그인하고 있어요 …",
  title: "로그인",
  stale: "이미 끝났거나 다른 탭에서 시작한 로그인이에요. 다시 로그인해 주세요.",
  cancelled: "로그인을 마치지 않았어요.",
  refused:
    "로그인 서비스의 응답이 올바르지 않아요. 다시 로그인해 보고, 계속되면 주최 측에 알려 주세요.",
  "not-accepted":
    "로그인했지만 이 판매에서 쓸 수 없는 계정이에요. 휴대폰 인증처럼 필요한 것이 빠졌을 수 있어요. 계정 정보를 채우거나 주최 측에 문의하세요.",
  back: "로그인하지 않고 돌아가기",
};

/** Texts of the return from the identity provider. */
export const returnTexts = (): typeof en => (language.value === "ko" ? ko : en);
