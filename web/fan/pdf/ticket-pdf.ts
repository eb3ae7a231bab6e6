import PDFDocument from "pdfkit";
import { create } from "qrcode";

/** The texts of one ticket, one page of the document. */
export interface TicketPage {
  readonly title: string;
  readonly venue: string;
  readonly when: string;
  readonly place: string;
  readonly price: string;
  readonly holder: string | null;
  /** The text of the QR code. */
  readonly code: string;
  /** The end of the ticket's id, by which a person names it. */
  readonly number: string;
}

/** A text as a picture of the browser's own fonts. */
export interface TextImage {
  /** A data address of a PNG. */
  readonly address: string;
  readonly width: number;
  readonly height: number;
}

export interface PdfOptions {
  /** The name of the file's content, and its language. */
  readonly title: string;
  readonly language: string;
  /** A TrueType font. */
  readonly font: Uint8Array;
  /** Draws a text with letters that the font lacks, for example Japanese ones. */
  readonly drawText: (text: string, sizePt: number) => TextImage;
}

type Document = PDFKit.PDFDocument;

const pagePt = { width: 420, height: 595 } as const;
const marginPt = 36;
const codePt = 230;

/** The letters that the font has: of ASCII, of Korean, and some marks. */
const inFont = /^[\u0020-\u007e·×–—‘’“”…、。〈-】ㄱ-ㆎ가-힣₩]*$/u;

/** Writes a text below the last one, as text where the font has its letters. */
const write = (
  document: Document,
  text: string,
  sizePt: number,
  { drawText }: PdfOptions,
): void => {
  if (inFont.test(text)) {
    document.fontSize(sizePt).text(text).moveDown(0.2);
    return;
  }
  const width = pagePt.width - 2 * marginPt;
  const image = drawText(text, sizePt);
  const scale = Math.min(1, width / image.width);
  document.image(image.address, marginPt, document.y, {
    width: image.width * scale,
    height: image.height * scale,
  });
  document.y += image.height * scale * 1.2;
};

/** Draws a QR code of dark squares, each row's neighbours as one. */
const drawCode = (document: Document, text: string, left: number, top: number): void => {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const edge = codePt / modules.size;
  const isDark = (x: number, y: number): boolean => x < modules.size && modules.get(y, x) !== 0;
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      let length = 0;
      while (isDark(x + length, y)) length += 1;
      if (length > 0) document.rect(left + x * edge, top + y * edge, length * edge, edge);
      x += length;
    }
  }
  document.fill("#000");
};

const addTicket = (document: Document, ticket: TicketPage, options: PdfOptions): void => {
  document.addPage({ size: [pagePt.width, pagePt.height], margin: marginPt }).font("text");
  document.fillColor("#000");
  write(document, ticket.title, 20, options);
  write(document, ticket.venue, 11, options);
  write(document, ticket.when, 13, options);
  document.moveDown(0.5);
  write(document, ticket.place, 22, options);
  write(document, ticket.price, 11, options);
  if (ticket.holder !== null) write(document, ticket.holder, 11, options);
  const top = pagePt.height - marginPt - codePt - 24;
  drawCode(document, ticket.code, (pagePt.width - codePt) / 2, top);
  document.fontSize(10).text(ticket.number, marginPt, top + codePt + 6, {
    align: "center",
    width: pagePt.width - 2 * marginPt,
  });
};

/**
 * The font reader looks for the outline of an empty letter behind the end of the file where that letter is the last
 * one, as the space of Nanum Gothic is.
 */
const withRoom = (font: Uint8Array): Uint8Array => {
  const longer = new Uint8Array(font.length + 16);
  longer.set(font);
  return longer;
};

/** Makes a PDF with a page for each ticket. The letters of the texts are text, and the code is drawn as squares. */
export const ticketPdf = async (
  tickets: readonly TicketPage[],
  options: PdfOptions,
): Promise<Uint8Array<ArrayBuffer>[]> => {
  const document = new PDFDocument({
    autoFirstPage: false,
    // Without the font of the library, which has no Korean letter.
    font: null as unknown as string,
    lang: options.language,
    displayTitle: true,
    info: { Title: options.title, Producer: "Frontrow", Creator: "Frontrow" },
  });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const isWhole = new Promise((resolve, reject) => {
    document.on("data", (part: Uint8Array<ArrayBuffer>) => parts.push(part));
    document.on("end", resolve);
    document.on("error", reject);
  });
  document.registerFont("text", withRoom(options.font) as unknown as PDFKit.Mixins.PDFFontSource);
  for (const ticket of tickets) addTicket(document, ticket, options);
  document.end();
  await isWhole;
  return parts;
};
