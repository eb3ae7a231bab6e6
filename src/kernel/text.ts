/**
 * Whether people can see something of the text. Spaces, control and format characters are invisible, and
 * so are the blank letters of Hangul and Braille, which Unicode counts as letters and symbols.
 */
export const hasVisibleCharacter = (text: string): boolean =>
  /[^\p{Z}\p{C}\u115F\u1160\u3164\uFFA0\u2800]/u.test(text);

/**
 * Whether the text has a character that controls how a reader sees it: a control character, a line or paragraph
 * separator, or a mark that changes the direction of what follows it, also in texts beside it.
 */
export const hasControlCharacter = (text: string): boolean =>
  /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(text);
