import type { Result } from "../../sdk/client.ts";
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

const refusedConflict: Conflict = { result: "REFUSED", usedAt: null, gate: null, isSeen: false };

/** The scan with an answer that comes after the person at the door has seen another one. */
const answered = (scan: Scan, { result, usedAt, gate }: CheckIn): Scan => ({
  ...scan,
  isUnsent: false,
  conflict: scan.shown.result === result ? null : { result, usedAt, gate, isSeen: false },
});

/** A refusal of the request itself, which a repeat of it gets again. */
const isFinal = (result: Result<unknown, string>): boolean =>
  !result.ok &&
  ["INVALID_REQUEST", "DATE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED", "CONCERT_CANCELLED"].includes(
    result.code,
  );

/** Sends a lot; one that the server refuses as a whole is sent scan by scan. Returns whether all are answered. */
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
  if (!isFinal(result)) return false;
  const [first, ...others] = lot;
  if (others.length === 0 && first !== undefined) {
    await log.keep([{ ...first, isUnsent: false, conflict: refusedConflict }]);
    return true;
  }
  for (const scan of lot) if (!(await sendLot(call, log, [scan]))) return false;
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
