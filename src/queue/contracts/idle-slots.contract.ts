import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crowd, newConcert, newReservation, type QueueUnderTest } from "./queue-store.contract.ts";
import { attemptOf, slotTerms } from "./seat-gate.contract.ts";

/** Tests of slots that are not used: each ends after `idleMs`, and a poll is no use. */
export const idleSlotsContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: idle slots`, () => idling(open));
};

const idling = (open: () => Promise<QueueUnderTest>): void => {
  const idleMs = 20_000;
  const idle = { ...slotTerms, idleMs };
  const idleScene = async (queue: QueueUnderTest) => {
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    await queue.store.admit(concertId, idle);
    const untilMs = async (): Promise<number> => {
      const status = await user.placeStatus(user.mark);
      return status.kind === "active" ? status.expiresAtMs - queue.nowMs() : 0;
    };
    const pass = () => queue.store.admit(concertId, idle);
    return { concertId, user, untilMs, pass };
  };

  it("a slot that is not used ends idleMs after it was claimed, however often its user polls", async () => {
    const queue = await open();
    const { user, untilMs, pass } = await idleScene(queue);
    queue.advance(3_000);
    assert.equal(await untilMs(), idleMs);
    queue.advance(idleMs - 1);
    assert.equal(await untilMs(), 1);
    await pass();
    queue.advance(1);
    assert.equal((await pass()).lapsed, 1);
    assert.deepEqual(await user.placeStatus(user.mark), { kind: "ended", reason: "LAPSED" });
  });

  it("each use begins the time anew, up to the end of the session", async () => {
    const queue = await open();
    const { concertId, user, untilMs, pass } = await idleScene(queue);
    assert.equal(await untilMs(), idleMs);
    for (let uses = 0; uses < 4; uses += 1) {
      queue.advance(19_000);
      await pass();
      assert.equal((await queue.gate.checkActive(attemptOf(concertId, user))).kind, "active");
      assert.equal(await untilMs(), idleMs);
    }
    const attempt = attemptOf(concertId, user);
    assert.equal((await queue.gate.enter(attempt)).kind, "entered");
    await queue.gate.releaseLocks(attempt, null);
    queue.advance(19_000);
    await queue.gate.checkActive(attempt);
    assert.equal(await untilMs(), slotTerms.sessionMs - 5 * 19_000);
  });

  it("a hold is use until it ends, and when it is cleared the time begins anew", async () => {
    const queue = await open();
    const { concertId, user, untilMs, pass } = await idleScene(queue);
    await untilMs();
    const reservationId = newReservation();
    const hold = { reservationId, expiresAtMs: queue.nowMs() + 50_000 };
    const { userId } = user;
    await queue.gate.carry({ concertId, userId, ...user.mark, ...hold });
    assert.equal(await untilMs(), 50_000 + idleMs);
    queue.advance(40_000);
    await pass();
    await queue.gate.clear({ concertId, userId, reservationId });
    assert.equal(await untilMs(), idleMs);
  });

  it("without the setting a slot lasts as long as its session", async () => {
    const queue = await open();
    const { concertId, user, untilMs } = await idleScene(queue);
    assert.equal(await untilMs(), idleMs);
    await queue.store.admit(concertId, slotTerms);
    assert.equal(await untilMs(), idleMs, "a running lease keeps its end");
    await queue.gate.checkActive(attemptOf(concertId, user));
    assert.equal(await untilMs(), slotTerms.sessionMs);
  });
};
