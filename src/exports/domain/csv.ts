/** One value of a record; null: empty. */
export type Cell = string | number | null;

/** By this a spreadsheet reads the file as UTF-8. */
export const byteOrderMark = "\uFEFF";

/**
 * How a spreadsheet recognises a formula, also behind white space and control characters. The full-width signs count
 * with a Korean or Japanese Excel. Source: OWASP, CSV injection.
 */
const formulaStart = /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u;

/** An apostrophe makes a spreadsheet show a text and calculate nothing. A number is never a formula. */
const harmless = (text: string): string => (formulaStart.test(text) ? `'${text}` : text);

const cellText = (cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = harmless(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A record of a CSV file by RFC 4180. Texts are safe to open in a spreadsheet. */
export const csvRecord = (cells: readonly Cell[]): string => `${cells.map(cellText).join(",")}\r\n`;
