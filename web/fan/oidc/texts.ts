import { language } from "../../shared/language.ts";

const en = {
  signIn: "Sign in",
  signInOther: "Sign in as another user",
  away: "The sign-in service does not answer. Try again.",
};

const ko: typeof en = {
  signIn: "로그인",
  signInOther: "다른 계정으로 로그인",
  away: "로그인 서비스가 응답하지 않아요. 다시 시도해 보세요.",
};

/** Texts of the button that leaves for the identity provider. */
export const oidcTexts = (): typeof en => (language.value === "ko" ? ko : en);
