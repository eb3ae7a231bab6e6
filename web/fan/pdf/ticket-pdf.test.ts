import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { readPdf } from "#test/support/pdf.ts";
import { ticketPdf, type TicketPage } from "./ticket-pdf.ts";

const require = createRequire(import.meta.url);
const fontName = "@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf";
const font = readFileSync(require.resolve(fontName));
/** One white pixel. */
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

const ticket: TicketPage = {
  title: "한여름 밤의 꿈 〈앙코르〉 뷁",
  venue: "서울 예술의전당",
  when: "2030년 5월 1일 (수) 오후 7:00",
  place: "1층 가구역 B열 12번",
  price: "R · ₩120,000",
  holder: "김하늘",
  code: "AQEBmMTyfB56NZ0bXwwuikk".padEnd(115, "x"),
  number: "2E8A4B17",
};

const made = async (tickets: readonly TicketPage[]) => {
  const drawn: string[] = [];
  const parts = await ticketPdf(tickets, {
    title: "티켓",
    language: "ko-KR",
    font,
    drawText: (text) => {
      drawn.push(text);
      return { address: pixel, width: 10, height: 10 };
    },
  });
  const pdf = Buffer.concat(parts);
  const keep = process.env["KEEP_PDF"];
  if (keep !== undefined) writeFileSync(keep, pdf);
  return { pdf, drawn, pages: readPdf(pdf) };
};

test("a page has the Korean text of its ticket as text, and its code reads back", async () => {
  const { pages, pdf, drawn } = await made([ticket]);
  const [page] = pages;
  const { code, ...texts } = ticket;
  for (const text of Object.values(texts))
    assert.ok(page?.text.split("\n").join("").includes(String(text)), `${text}: ${page?.text}`);
  assert.equal(page?.code, code);
  assert.deepEqual([drawn, page?.images], [[], 0]);
  assert.ok(pdf.length < 60_000, String(pdf.length));
});

test("several tickets are several pages, each with its own code", async () => {
  const other = { ...ticket, place: "2층 나구역 A열 1번", code: ticket.code.replace("AQ", "AR") };
  const { pages } = await made([ticket, other]);
  assert.deepEqual(
    pages.map(({ code }) => code),
    [ticket.code, other.code],
  );
});

test("a text with letters that the font lacks is drawn as a picture, and the others stay text", async () => {
  const { pages, drawn } = await made([
    { ...ticket, title: "あいみょん 콘서트", holder: "José 🎸", venue: "新世界" },
  ]);
  assert.deepEqual(drawn, ["あいみょん 콘서트", "新世界", "José 🎸"]);
  assert.equal(pages[0]?.images, 3);
  assert.ok(pages[0]?.text.includes("B열"), pages[0]?.text);
});
