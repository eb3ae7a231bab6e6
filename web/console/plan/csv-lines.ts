/** A record of a CSV file, and the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvFile {
  readonly records: readonly CsvRecord[];
  /** The line of a quote that is never closed; null when all are. */
  readonly openQuoteLine: number | null;
}

/** One field and what ends it: a field in quotes, or one without; a separator, a line break or the end of the file. */
const patterns = {
  ",": /(?:"([^"]*(?:""[^"]*)*)("?)([^,\r\n]*)|([^,\n]*?))(,|\r?\n|\r?$)/y,
  ";": /(?:"([^"]*(?:""[^"]*)*)("?)([^;\r\n]*)|([^;\n]*?))(;|\r?\n|\r?$)/y,
  "\t": /(?:"([^"]*(?:""[^"]*)*)("?)([^\t\r\n]*)|([^\t\n]*?))(\t|\r?\n|\r?$)/y,
} as const;

type Separator = keyof typeof patterns;

/** Spreadsheets of some countries write semicolons, and their Unicode text has tabs: the first line tells. */
const separatorOf = (text: string): Separator => {
  const [first = ""] = text.split("\n", 1);
  const isIn = (one: string): boolean => first.includes(one);
  return isIn(",") ? "," : isIn(";") ? ";" : isIn("\t") ? "\t" : ",";
};

interface Field {
  readonly text: string;
  readonly isOpen: boolean;
  /** The record goes on behind it. */
  readonly isInner: boolean;
  /** The line breaks in it and at its end. */
  readonly lines: number;
}

const fieldOf = (found: RegExpExecArray, separator: Separator): Field => {
  const [all, quoted, closing = "", rest = "", plain = "", end = ""] = found;
  return {
    text: quoted === undefined ? plain : quoted.replaceAll('""', '"') + rest,
    isOpen: quoted !== undefined && closing === "",
    isInner: end === separator,
    lines: all.split("\n").length - 1,
  };
};

const isBlank = (fields: readonly string[]): boolean =>
  fields.length === 1 && fields.join("").trim() === "";

/**
 * Reads CSV as RFC 4180 has it: fields in quotes may hold commas, line breaks and doubled quotes. A byte order
 * mark, both kinds of line breaks, and semicolons or tabs in place of commas are allowed; blank lines are left out.
 */
export const readCsv = (file: string): CsvFile => {
  const text = file.replace(/^\uFEFF/, "");
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let [line, firstLine] = [1, 1];
  let openQuoteLine: number | null = null;
  const separator = separatorOf(text);
  const fieldPattern = patterns[separator];
  fieldPattern.lastIndex = 0;
  while (fieldPattern.lastIndex < text.length) {
    const found = fieldPattern.exec(text);
    if (found === null) break;
    const field = fieldOf(found, separator);
    if (field.isOpen) openQuoteLine ??= line;
    fields.push(field.text);
    line += field.lines;
    if (field.isInner) continue;
    if (!isBlank(fields)) records.push({ line: firstLine, fields });
    fields = [];
    firstLine = line;
  }
  // A separator at the very end of the file has an empty field behind it.
  if (fields.length > 0) records.push({ line: firstLine, fields: [...fields, ""] });
  return { records, openQuoteLine };
};

/**
 * The text of a file: UTF-8, the UTF-16 of a spreadsheet's Unicode text, or else the Korean code page, in which
 * spreadsheets there save CSV.
 */
export const decodeText = (bytes: Uint8Array<ArrayBuffer>): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("euc-kr").decode(bytes);
  }
};
