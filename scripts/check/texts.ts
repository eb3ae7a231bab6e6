import ts from "typescript";

// The prose of a file: comments, string literals of more than one word, and the text of a page. Code,
// quoted code and addresses are left out.

/** A paragraph, table cell or string on one line, and the line of the file on which it starts. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** Quoted code becomes one neutral word, so that a sentence keeps its shape. */
const withoutCode = (text: string): string =>
  text
    .replaceAll(/`[^`]*`/g, "CODE")
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll(/<[^<>\s][^<>]*>/g, " ");

const numbered = (text: string, firstLine: number): Prose[] =>
  text.split("\n").map((line, index) => ({ line: firstLine + index, text: line }));

/** Joins lines; a blank line, a list item, a heading and a tag of a docstring each start anew. */
const paragraphsOf = (lines: readonly Prose[], mark: RegExp): Prose[] => {
  const paragraphs: { line: number; text: string }[] = [];
  let isOpen = false;
  for (const { line, text } of lines) {
    const words = text.replaceAll(mark, "").trim();
    const start = /^(?:[-*+]|\d+\.|#+|@\w+)\s+/.exec(words)?.[0] ?? "";
    const last = paragraphs.at(-1);
    if (isOpen && start === "" && words !== "" && last !== undefined) last.text += ` ${words}`;
    else if (words !== "") paragraphs.push({ line, text: words.slice(start.length) });
    isOpen = words !== "" && !start.startsWith("#");
  }
  return paragraphs.map((it) => ({ line: it.line, text: withoutCode(it.text) }));
};

const isText = (node: ts.Node): boolean =>
  ts.isLiteralExpression(node) ||
  ts.isJsxText(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node);

/** String literals, templates and JSX texts, and the code with each of their characters as `x`. */
const stringsOf = (file: string, text: string): { strings: Prose[]; code: string } => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false);
  const strings: Prose[] = [];
  const code: string[] = [];
  let coded = 0;
  const visit = (node: ts.Node): void => {
    const start = ts.isJsxText(node) ? node.pos : node.getStart(source);
    if (isText(node)) {
      code.push(text.slice(coded, start), text.slice(start, node.end).replaceAll(/[^\n]/g, "x"));
      coded = node.end;
    }
    if (ts.isTemplateExpression(node)) {
      const pieces = [node.head, ...node.templateSpans.map((span) => span.literal)];
      strings.push({ line: lineAt(text, start), text: pieces.map((it) => it.text).join("CODE") });
    } else if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) {
      if (/\S\s+\S/.test(node.text)) strings.push({ line: lineAt(text, start), text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { strings, code: code.join("") + text.slice(coded) };
};

/** Comments, found by `pattern` in code without strings. Comments on lines that follow are one. */
const commentsOf = (code: string, pattern: RegExp, mark: RegExp): Prose[] => {
  const blocks: { start: number; end: number }[] = [];
  for (const { 0: comment, index } of code.matchAll(pattern)) {
    const end = index + comment.length;
    const last = blocks.at(-1);
    const isNext = last !== undefined && /^\n[ \t]*$/.test(code.slice(last.end, index));
    if (isNext && !comment.startsWith("/*")) last.end = end;
    else blocks.push({ start: index, end });
  }
  return blocks.flatMap(({ start, end }) =>
    paragraphsOf(numbered(code.slice(start, end), lineAt(code, start)), mark),
  );
};

const scriptProse = (file: string, text: string): Prose[] => {
  const { strings, code } = stringsOf(file, text);
  const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  const comments = commentsOf(code, comment, /^\s*(?:\/\*+|\*(?!\/)|\/\/)|\s*\*\/\s*$/g);
  const spoken = strings.flatMap((it) => paragraphsOf(numbered(it.text, it.line), /^\s+/g));
  return [...comments, ...spoken];
};

const pageProse = (page: string): Prose[] => {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, "");
  const text = page.replaceAll(/```[\s\S]*?```|<!--[\s\S]*?-->/g, blank);
  const lines = numbered(text, 1).flatMap(({ line, text: words }) =>
    words.startsWith("|")
      ? words.split("|").flatMap((cell) => [
          { line, text: cell },
          { line, text: "" },
        ])
      : [{ line, text: words }],
  );
  return paragraphsOf(lines, /^\s*>+/g);
};

/** Texts between the tags of a picture or of a page's frame. */
const tagProse = (text: string): Prose[] =>
  [...text.matchAll(/>([^<>]*\S\s+\S[^<>]*)</g)].map(({ 1: words = "", index }) => ({
    line: lineAt(text, index + 1),
    text: words.replaceAll(/\s+/g, " ").trim(),
  }));

/** The prose of a file by its kind; none where the kind is not known. */
export const proseOf = (file: string, text: string): Prose[] => {
  if (/\.(?:ts|tsx|mjs|cjs)$/.test(file)) return scriptProse(file, text);
  if (file.endsWith(".md")) return pageProse(text);
  if (/\.(?:svg|html)$/.test(file)) return tagProse(text);
  if (file.endsWith(".css"))
    return commentsOf(text, /\/\*[\s\S]*?\*\//g, /^\s*(?:\/\*+|\*(?!\/))|\s*\*\/\s*$/g);
  if (/\.(?:lua|sql|luacheckrc)$/.test(file)) return commentsOf(text, /--[^\n]*/g, /^\s*--+/g);
  if (/\.(?:yaml|yml|conf|example)$|Dockerfile$/.test(file))
    return commentsOf(text, /(?<=^|\s)#[^\n]*/g, /^\s*#+/g);
  return [];
};
