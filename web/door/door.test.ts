import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { test } from "node:test";
import { createClient } from "../../sdk/client.ts";
import { verifyByWebCrypto } from "../../sdk/ticket-code.ts";
import { openDoor } from "./door.ts";
import type { DoorList, DoorShow, Scan } from "./records.ts";
import type { ListedTicket, Result } from "./rules.ts";
import { lotMax } from "./send.ts";
import type { DoorStore } from "./store.ts";

// The door of one scanner, with a server that the test plays.

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const { x = "" } = publicKey.export({ format: "jwk" });
const keys = [{ kid: "1", x }];
const date = "2030-05-01";
const show: DoorShow = {
  concertId: randomUUID(),
  title: "Proof",
  venue: null,
  timeZone: "UTC",
  date,
  startsAt: `${date}T19:00:00Z`,
  gate: "North",
};
const nowMs = Date.parse(`${date}T18:00:00Z`);

const ticketOf = (seatNumber: number): ListedTicket => ({
  ticketId: `0198c4f2-7c1e-7a35-9d1b-${seatNumber.toString(16).padStart(12, "0")}`,
  version: 1,
  status: "VALID",
  section: "Stalls",
  row: "A",
  name: String(seatNumber),
  seatNumber,
  grade: "R",
  holderName: `Kim ${seatNumber}`,
  usedAt: null,
  gate: null,
});

const codeOf = ({ ticketId }: ListedTicket, key: KeyObject = privateKey): string => {
  const body = Buffer.alloc(22);
  body.set([1, 1, ...Buffer.from(ticketId.replaceAll("-", ""), "hex")]);
  body.writeUInt16BE(Date.parse(date) / 86_400_000, 18);
  body.writeUInt16BE(1, 20);
  const signature = sign(null, Buffer.concat([Buffer.from("frontrow-ticket-v1"), body]), key);
  return Buffer.concat([body, signature]).toString("base64url");
};

const memoryStore = (): DoorStore & { readonly scans: Map<number, Scan> } => {
  const scans = new Map<number, Scan>();
  return {
    scans,
    readShow: () => Promise.resolve(null),
    writeShow: () => Promise.resolve(),
    readOperator: () => Promise.resolve(null),
    writeOperator: () => Promise.resolve(),
    readList: () => Promise.resolve(null),
    writeList: () => Promise.resolve(),
    readScans: () => Promise.resolve([...scans.values()]),
    writeScans: (changed) => {
      for (const scan of changed) scans.set(scan.n, scan);
      return Promise.resolve();
    },
    forget: () => Promise.resolve(),
  };
};

interface SentItem {
  readonly checkInId: string;
  readonly concertId: string;
  readonly at: string;
  readonly code?: string;
}
type Body = SentItem & { readonly items?: readonly SentItem[] };
type Reply = { readonly status: number; readonly body: unknown } | null;

/** A scanner; `reply` answers its check-ins, null: the server does not. */
const scannerOf = async (
  tickets: readonly ListedTicket[],
  reply: (body: Body) => Reply,
  stored: readonly Scan[] = [],
  at: DoorShow = show,
) => {
  const sent: Body[] = [];
  const store = memoryStore();
  await store.writeScans(stored);
  const client = createClient({
    url: "http://door.test",
    fetch: (address, init) => {
      const path = address as string;
      if (path.endsWith("/ticket-keys.json")) return Promise.resolve(Response.json({ keys }));
      if (path.includes("/check-in-list")) {
        const page = { items: tickets, nextCursor: null, serverTime: `${date}T17:00:00Z` };
        return Promise.resolve(Response.json(page));
      }
      const body = JSON.parse(init?.body as string) as Body;
      sent.push(body);
      const answer = reply(body);
      if (answer === null) return Promise.reject(new TypeError("no network"));
      return Promise.resolve(Response.json(answer.body, { status: answer.status }));
    },
  });
  const list: DoorList = { ...{ concertId: at.concertId, date, tickets, keys }, listedAt: "" };
  const network = { isThere: true };
  const door = openDoor(
    {
      show: at,
      store,
      call: client.call,
      verify: verifyByWebCrypto,
      newId: () => randomUUID(),
      nowMs: () => nowMs,
      hasNetwork: () => network.isThere,
    },
    { ...list, listedAt: `${date}T17:00:00Z` },
    stored,
  );
  return { door, sent, store, network };
};

const problemOf = (status: number) => ({ type: "about:blank", title: "Bad", status });

const said = (result: Result, more: object = {}) => ({
  result,
  ticket: null,
  usedAt: null,
  gate: null,
  ...more,
});
const answerAll =
  (result: Result, more: object = {}) =>
  (body: Body) => ({
    status: 200,
    body:
      body.items === undefined
        ? said(result, more)
        : { items: body.items.map(({ checkInId }) => ({ checkInId, ...said(result, more) })) },
  });

const [one, other] = [ticketOf(1), ticketOf(2)];

test("online the server decides", async () => {
  const { door, sent } = await scannerOf([one], answerAll("VOID"));
  const answer = await door.scan({ code: codeOf(one) });
  assert.deepEqual([answer.result, answer.by], ["VOID", "server"]);
  assert.deepEqual(
    [sent.length, door.log.unsent().length, door.known.peek().admitted()],
    [1, 0, 0],
  );
});

test("a text that is no code of a ticket is refused without the server", async () => {
  const { door, sent } = await scannerOf([one], answerAll("ADMITTED"));
  assert.equal((await door.scan({ code: "https://example.org" })).result, "INVALID");
  assert.deepEqual([sent.length, door.log.unsent().length], [0, 0]);
});

test("a code of a key that the scanner does not know is asked of the server", async () => {
  const foreign = generateKeyPairSync("ed25519").privateKey;
  const { door, sent, network } = await scannerOf([one], answerAll("ADMITTED"));
  assert.equal((await door.scan({ code: codeOf(one, foreign) })).result, "ADMITTED");
  network.isThere = false;
  assert.equal((await door.scan({ code: codeOf(other, foreign) })).result, "INVALID");
  assert.deepEqual([sent.length, door.log.unsent().length], [1, 0]);
});

test("without a network the list decides, a ticket is admitted once, and only admissions are sent", async () => {
  const { door, network, sent } = await scannerOf([one, other], answerAll("ADMITTED"));
  network.isThere = false;
  const first = await door.scan({ code: codeOf(one) });
  assert.deepEqual([first.result, first.by, first.place?.name], ["ADMITTED", "list", "1"]);
  const again = await door.scan({ code: codeOf(one) });
  assert.deepEqual(
    [again.result, again.usedAt, again.gate],
    ["ALREADY_USED", `${date}T18:00:00.000Z`, "North"],
  );
  assert.equal((await door.scan({ ticketId: other.ticketId })).result, "ADMITTED");
  assert.deepEqual(
    [door.log.unsent().length, door.known.peek().admitted(), sent.length],
    [2, 2, 0],
  );
  network.isThere = true;
  await door.synchronise();
  assert.equal(door.log.unsent().length, 0);
  assert.deepEqual(
    sent.map(({ items }) => items?.map(({ at }) => at)),
    [[`${date}T18:00:00.000Z`, `${date}T18:00:00.000Z`]],
  );
});

test("of two tickets of a seat one is admitted without a network", async () => {
  const resold = { ...ticketOf(9), seatNumber: 1 };
  const { door, network } = await scannerOf([one, resold], answerAll("ADMITTED"));
  network.isThere = false;
  assert.equal((await door.scan({ code: codeOf(one) })).result, "ADMITTED");
  assert.equal((await door.scan({ code: codeOf(resold) })).result, "ALREADY_USED");
});

test("of two scans of a ticket at once one is admitted without a network", async () => {
  const { door, network } = await scannerOf([one], answerAll("ADMITTED"));
  network.isThere = false;
  const answers = await Promise.all([0, 1].map(() => door.scan({ code: codeOf(one) })));
  assert.deepEqual(answers.map(({ result }) => result).toSorted(), ["ADMITTED", "ALREADY_USED"]);
});

test("a scan whose answer is lost is sent again with its id, the same in every part", async () => {
  let isAway = true;
  const { door, sent } = await scannerOf([one], (body) =>
    isAway ? null : answerAll("ADMITTED")(body),
  );
  const answer = await door.scan({ code: codeOf(one) });
  assert.deepEqual([answer.result, answer.by, door.isOnline.peek()], ["ADMITTED", "list", false]);
  isAway = false;
  await door.synchronise();
  assert.deepEqual([sent[1]?.items?.[0], door.isOnline.peek()], [sent[0], true]);
  assert.deepEqual([door.log.unsent().length, door.log.conflicts()], [0, []]);
});

test("an admission that the server answers otherwise is a conflict, until it is seen", async () => {
  const first = { usedAt: `${date}T17:59:00Z`, gate: "South" };
  const { door, network, store } = await scannerOf([one], answerAll("ALREADY_USED", first));
  network.isThere = false;
  await door.scan({ code: codeOf(one) });
  network.isThere = true;
  await door.synchronise();
  const [conflict] = door.log.conflicts();
  assert.deepEqual(conflict?.conflict, { result: "ALREADY_USED", ...first, isSeen: false });
  const reloaded = await scannerOf([one], answerAll("ADMITTED"), [...store.scans.values()]);
  assert.equal(reloaded.door.log.conflicts().length, 1);
  await reloaded.door.log.seen(conflict?.n ?? 0);
  assert.equal(reloaded.door.log.conflicts().length, 0);
});

test("scans are sent in lots of at most 500, in their order", async () => {
  const tickets = Array.from({ length: lotMax + 3 }, (_, n) => ticketOf(n + 1));
  const { door, network, sent } = await scannerOf(tickets, answerAll("ADMITTED"));
  network.isThere = false;
  for (const { ticketId } of tickets) await door.scan({ ticketId });
  assert.equal(door.log.unsent().length, lotMax + 3);
  network.isThere = true;
  await door.synchronise();
  assert.deepEqual(
    sent.map(({ items }) => items?.length),
    [lotMax, 3],
  );
  assert.equal(door.log.unsent().length, 0);
});

test("a scan that the server refuses for good holds up no other one", async () => {
  const problem = { ...problemOf(404), code: "DATE_NOT_FOUND" };
  const bad = codeOf(one);
  const { door, network } = await scannerOf([one, other], (body) =>
    (body.items ?? []).some(({ code }) => code === bad)
      ? { status: 404, body: problem }
      : answerAll("ADMITTED")(body),
  );
  network.isThere = false;
  for (const ticket of [one, other]) await door.scan({ code: codeOf(ticket) });
  network.isThere = true;
  await door.synchronise();
  assert.equal(door.log.unsent().length, 0);
  assert.deepEqual(
    door.log.conflicts().map(({ conflict }) => conflict?.result),
    ["REFUSED"],
  );
});

test("of a list with scans of a cancelled concert every other scan is recorded once, and each has its answer", async () => {
  const cancelled = { ...show, concertId: randomUUID() };
  const tickets = Array.from({ length: 5 }, (_, n) => ticketOf(n + 1));
  const recorded = new Map<string, Result>();
  let isCancelled = false;
  let refusals = 0;
  /** As the server does it: all scans of a request are recorded, or none. */
  const server = (body: Body): Reply => {
    const items = body.items ?? [body];
    const isRefused = ({ concertId, checkInId }: SentItem): boolean =>
      isCancelled && concertId === cancelled.concertId && !recorded.has(checkInId);
    if (items.some(isRefused)) {
      refusals += 1;
      return { status: 409, body: { ...problemOf(409), code: "CONCERT_CANCELLED" } };
    }
    for (const { checkInId } of items)
      if (!recorded.has(checkInId)) recorded.set(checkInId, "ADMITTED");
    const answers = items.map(({ checkInId }) => ({ checkInId, ...said("ADMITTED") }));
    return { status: 200, body: body.items === undefined ? answers[0] : { items: answers } };
  };

  // At the door of the concert: the answer to the first scan is lost, the second one is made without a network.
  let isLost = true;
  const before = await scannerOf(
    tickets,
    (body) => {
      const answer = server(body);
      return isLost ? null : answer;
    },
    [],
    cancelled,
  );
  for (const { ticketId } of tickets.slice(0, 2)) await before.door.scan({ ticketId });
  assert.deepEqual([recorded.size, before.door.log.unsent().length], [1, 2]);
  isCancelled = true;
  isLost = false;

  // At the door of another concert, still without a network.
  const { door, network, sent } = await scannerOf(tickets, server, [
    ...before.store.scans.values(),
  ]);
  network.isThere = false;
  for (const { ticketId } of tickets) await door.scan({ ticketId });
  const unsent = door.log.unsent();
  assert.equal(unsent.length, 7);
  network.isThere = true;
  await door.synchronise();
  assert.equal(door.log.unsent().length, 0);
  const answers = [...door.log.all()].map(({ conflict }) => conflict?.result ?? null);
  assert.deepEqual(answers, [null, "CANCELLED", null, null, null, null, null]);
  // The list, its part of the cancelled concert and the scan in it are refused; the other concert is one request.
  assert.deepEqual([refusals, sent.filter(({ items }) => items?.length === 5).length], [3, 1]);
  assert.equal(recorded.size, 6);
  await door.synchronise();
  assert.equal(sent.length, 5, "nothing is sent again");
});

test("a scan that the server refuses because the concert is cancelled admits no person, though the list would", async () => {
  const { door, sent } = await scannerOf([one], () => ({
    status: 409,
    body: { ...problemOf(409), code: "CONCERT_CANCELLED" },
  }));
  const answer = await door.scan({ code: codeOf(one) });
  assert.deepEqual([answer.result, answer.by, answer.place?.name], ["CANCELLED", "server", "1"]);
  assert.deepEqual([door.log.unsent().length, door.known.peek().admitted()], [0, 0]);
  await door.synchronise();
  assert.deepEqual([sent.length, door.log.conflicts()], [1, []]);
});

test("the admissions of another scanner are known after the list was read again", async () => {
  const usedAt = `${date}T17:30:00Z`;
  const { door, network } = await scannerOf(
    [{ ...one, status: "USED", usedAt, gate: "East" }, other],
    answerAll("ADMITTED"),
  );
  await door.synchronise();
  network.isThere = false;
  const answer = await door.scan({ code: codeOf(one) });
  assert.deepEqual([answer.result, answer.usedAt, answer.gate], ["ALREADY_USED", usedAt, "East"]);
  assert.deepEqual([door.known.peek().admitted(), door.known.peek().expected()], [1, 2]);
});
