import { checkIn } from "../../sdk/generated/operator.ts";
import type { CheckIn } from "../../sdk/generated/schemas.ts";
import type { Call } from "./list.ts";
import type { Conflict, Scan } from "./records.ts";
import type { ScanLog } from "./scan-log.ts";

/** The most scans of one request, by the contract. */
export const lotMax = 500;

/** A scan as the server takes it, the same each time that it is sent. */
export const toItem = ({ checkInId, concertId, date, code, ticketId, gate, at }: Scan) => ({
  checkInId,
  concertId,
  date,
  ...(code !== undefined && { code }),
  ...(ticketId !== undefined && { ticketId }),
  ...(gate !== null && { gate }),
  at,
});

/** The answer to a scan that the server refuses for good. */
const refusedBy = (code: string): Conflict => ({
  result: code === "CONCERT_CANCELLED" ? "CANCELLED" : "REFUSED",
  ...{ usedAt: null, gate: null, isSeen: false },
});

/** The scan with an answer that comes after the person at the door has seen another one. */
const answered = (scan: Scan, { result, usedAt, gate }: CheckIn): Scan => ({
  ...scan,
  isUnsent: false,
  conflict: scan.shown.result === result ? null : { result, usedAt, gate, isSeen: false },
});

/** A refusal of the request itself, which a repeat of it gets again. */
const isFinal = (code: string): boolean =>
  ["INVALID_REQUEST", "DATE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED", "CONCERT_CANCELLED"].includes(
    code,
  );

/**
 * The parts in which a lot is sent that was refused as a whole: first concert by concert, since one that is cancelled
 * refuses no scan of another. Within a concert scan by scan: those that were recorded before get their answers.
 */
const partsOf = (lot: readonly Scan[]): readonly (readonly Scan[])[] => {
  const concerts = [...new Set(lot.map(({ concertId }) => concertId))];
  if (concerts.length <= 1) return lot.map((scan) => [scan]);
  return concerts.map((concertId) => lot.filter((scan) => scan.concertId === concertId));
};

/** Sends a lot; one that the server refuses as a whole is sent in parts. Returns whether all are answered. */
const sendLot = async (call: Call, log: ScanLog, lot: readonly Scan[]): Promise<boolean> => {
  const result = await call(checkIn, { body: { items: lot.map(toItem) } });
  if (result.ok) {
    const byId = new Map((result.value.items ?? []).map((it) => [it.checkInId, it]));
    const done = lot.flatMap((scan) => {
      const answer = byId.get(scan.checkInId);
      return answer === undefined ? [] : answered(scan, answer);
    });
    await log.keep(done);
    return done.length === lot.length;
  }
  if (!isFinal(result.code)) return false;
  const [first, ...others] = lot;
  if (others.length === 0 && first !== undefined) {
    await log.keep([{ ...first, isUnsent: false, conflict: refusedBy(result.code) }]);
    return true;
  }
  for (const part of partsOf(lot)) if (!(await sendLot(call, log, part))) return false;
  return true;
};

/** Sends all unsent scans in lots, in their order. Returns whether the server has answered all of them. */
export const sendScans = async (call: Call, log: ScanLog): Promise<boolean> => {
  for (;;) {
    const lot = log.unsent().slice(0, lotMax);
    if (lot.length === 0) return true;
    if (!(await sendLot(call, log, lot))) return false;
  }
};
