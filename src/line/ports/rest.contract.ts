import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PassTerms } from "../domain/admission.ts";
import {
  crowd,
  inLine,
  newConcert,
  newUser,
  openTerms,
  wideTerms,
  type LineUnderTest,
} from "./line-store.contract.ts";

export interface RestUnderTest extends LineUnderTest {
  /** The clock goes on, and so does the one that the store itself goes by. */
  outlive(ms: number): Promise<void>;
}

/** Long beside a step of any store, short beside a test. */
const restMs = 600;
const open: PassTerms = { ...wideTerms, maxActive: 1, restMs };
const over: PassTerms = { ...open, admitsFromMs: null, final: "SOLD_OUT" };

/** One has bought, one is ACTIVE and one waits; the database has all that was noted. */
const scene = async (openLine: () => Promise<RestUnderTest>) => {
  const line = await openLine();
  const concertId = newConcert();
  const pass = async (terms: PassTerms): Promise<void> => {
    await line.store.pass(concertId, terms);
    const page = await line.store.journal(concertId, 100);
    if (page !== null) await line.store.confirm(concertId, page);
  };
  const [buyer, shopper, fan] = await crowd(line, concertId, 3);
  assert.ok(buyer && shopper && fan);
  await pass(open);
  await buyer.end(buyer.mark, "PAID");
  await pass(open);
  const remembered = async () => (await line.store.figures(concertId)).figures.admittedTotal > 0;
  return { line, concertId, pass, remembered, shopper, fan };
};

const resting = (openLine: () => Promise<RestUnderTest>): void => {
  it("is forgotten after its time, and whoever asks then is unknown", async () => {
    const { line, concertId, pass, remembered, shopper, fan } = await scene(openLine);
    await shopper.end(shopper.mark);
    await pass(over);
    await pass(over);
    assert.equal(await remembered(), true);
    const { epoch } = await line.store.figures(concertId);
    await line.outlive(restMs);
    assert.equal(await remembered(), false);
    assert.equal((await fan.standing(fan.mark)).kind, "unknown");
    assert.equal((await line.store.figures(concertId)).epoch, epoch + 1, "no place is given twice");
  });

  it("is remembered while somebody is ACTIVE in it", async () => {
    const { line, pass, remembered, shopper } = await scene(openLine);
    await pass(over);
    await pass(over);
    await line.outlive(restMs);
    assert.equal(await remembered(), true);
    assert.equal((await shopper.standing(shopper.mark)).kind, "active");
  });

  it("is remembered until the database has all that was noted", async () => {
    const { line, concertId, pass, remembered, shopper } = await scene(openLine);
    await shopper.end(shopper.mark);
    await line.store.pass(concertId, over);
    await line.outlive(restMs);
    assert.equal(await remembered(), true);
    await pass(over);
    await pass(over);
    await line.outlive(restMs);
    assert.equal(await remembered(), false);
  });

  it("is remembered for good once it goes on, with who comes then", async () => {
    const { line, concertId, pass, remembered, shopper } = await scene(openLine);
    await shopper.end(shopper.mark);
    await pass(over);
    await pass(over);
    await pass(open);
    const { sight } = inLine(await line.store.join(concertId, newUser(), openTerms));
    await line.outlive(restMs);
    assert.equal(await remembered(), true);
    assert.equal((await line.store.figures(concertId)).figures.waiting, 1);
    assert.equal(sight.standing.place.seq, 4);
  });
};

/** What every store does with a line that is over. */
export const restContract = (name: string, openLine: () => Promise<RestUnderTest>): void => {
  describe(`${name}: a line that is over`, () => resting(openLine));
};
