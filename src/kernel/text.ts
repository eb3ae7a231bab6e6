/**
 * Whether people can see something of the text. Spaces, control and format characters are invisible, and
 * so are the blank letters of Hangul and Braille, which Unicode counts as letters and symbols.
 */
export const hasVisibleCharacter = (text: string): boolean =>
  /[^\p{Z}\p{C}\u115F\u1160\u3164\uFFA0\u2800]/u.test(text);
