import { language } from "../../shared/language.ts";

const en = {
  working: "Your browser is working on a check against programs. It takes a few seconds.",
  failed:
    "The check against programs did not work. Try again. If it stays, use another browser or device, or ask the organiser.",
  refused:
    "The organiser's check did not let you in. If you have a code from the organiser, enter it and try again.",
  code: "Code from the organiser",
};

const ko: typeof en = {
  working: "프로그램 접속을 막기 위해 브라우저를 확인하고 있어요. 몇 초 걸려요.",
  failed:
    "브라우저 확인에 실패했어요. 다시 시도해 보세요. 계속 안 되면 다른 브라우저나 기기를 쓰거나 주최 측에 문의하세요.",
  refused:
    "주최 측 확인을 통과하지 못했어요. 주최 측에서 받은 코드가 있으면 입력하고 다시 시도하세요.",
  code: "주최 측에서 받은 코드",
};

/** Texts of the check before an account and a place. */
export const challengeTexts = (): typeof en => (language.value === "ko" ? ko : en);
