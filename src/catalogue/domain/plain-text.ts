import { hasControlCharacter, hasVisibleCharacter } from "#kernel/text.ts";

/** Whether the text has something to see, at most `lengthMax` characters, and no control characters but line breaks. */
export const isText = (text: string, lengthMax: number): boolean =>
  text.length <= lengthMax &&
  text.isWellFormed() &&
  !hasControlCharacter(text.replaceAll("\n", "")) &&
  hasVisibleCharacter(text);

/** As `isText`, without line breaks. */
export const isPlainText = (text: string, lengthMax: number): boolean =>
  isText(text, lengthMax) && !text.includes("\n");
