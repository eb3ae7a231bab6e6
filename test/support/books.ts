import assert from "node:assert/strict";

/** The records of a file, read by RFC 4180, each by the names of the first line. */
export const recordsOf = (text: string): Record<string, string>[] => {
  assert.ok(text.endsWith("\r\n"), "the last line ends");
  const cells = text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g);
  const lines: string[][] = [[]];
  let readTo = 0;
  for (const [whole, quoted, bare = "", end] of cells) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === "\r\n") lines.push([]);
    readTo += whole.length;
  }
  assert.equal(readTo, text.length, "every character belongs to a cell");
  const [head = [], ...rest] = lines.slice(0, -1);
  return rest.map((line) => {
    assert.equal(line.length, head.length);
    return Object.fromEntries(head.map((name, n) => [name, line[n] ?? ""]));
  });
};
