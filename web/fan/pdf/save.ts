import fontAddress from "@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf?url";
import type { HeldTicket } from "../../../sdk/generated/index.ts";
import { formatDate, formatMoment, formatMoney, ownCurrency } from "../../shared/format.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import { language } from "../../shared/language.ts";
import { purchaseTexts } from "../purchase/texts.ts";
import { ticketPdf, type TextImage, type TicketPage } from "./ticket-pdf.ts";

const readFont = async (): Promise<Uint8Array> => {
  const answer = await fetch(fontAddress);
  if (!answer.ok) throw new Error(`The font answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

/** Pixels of a picture for each point of the page: 288 dpi. */
const pixelsPerPt = 4;

const drawText = (text: string, sizePt: number): TextImage => {
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d");
  if (drawing === null) throw new Error("The browser has no canvas");
  const font = `${sizePt * pixelsPerPt}px sans-serif`;
  drawing.font = font;
  canvas.width = Math.ceil(drawing.measureText(text).width) + 1;
  canvas.height = Math.ceil(sizePt * pixelsPerPt * 1.3);
  // A new size of a canvas forgets its font.
  drawing.font = font;
  drawing.textBaseline = "middle";
  drawing.fillText(text, 0, canvas.height / 2);
  return {
    address: canvas.toDataURL("image/png"),
    width: canvas.width / pixelsPerPt,
    height: canvas.height / pixelsPerPt,
  };
};

const pageOf = (ticket: HeldTicket, code: string): TicketPage => {
  const { date, startsAt, timeZone } = ticket;
  const day = formatDate(date, {
    weekday: "short",
    year: "numeric",
    month: "long",
    day: "numeric",
  });
  return {
    title: ticket.title,
    venue: ticket.venue ?? purchaseTexts().ticket,
    when: `${day} ${formatMoment(startsAt, timeZone, { timeStyle: "short" })}`,
    place: placesText([ticket]),
    price: `${ticket.grade} · ${formatMoney(ticket.price, ownCurrency())}`,
    holder: ticket.holder.name,
    code,
    number: ticket.ticketId.slice(-8).toUpperCase(),
  };
};

/** Makes a PDF of the tickets that have a code, and lets the browser save it. */
export const saveTickets = async (tickets: readonly HeldTicket[]): Promise<void> => {
  const pages = tickets.flatMap((it) => (it.code === null ? [] : pageOf(it, it.code)));
  const [first] = tickets;
  if (first === undefined) return;
  const parts = await ticketPdf(pages, {
    title: first.title,
    language: language.value === "ko" ? "ko-KR" : "en-GB",
    font: await readFont(),
    drawText,
  });
  const address = URL.createObjectURL(new Blob(parts, { type: "application/pdf" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `tickets-${first.date}.pdf`;
  link.click();
  // Some browsers read the address after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};
