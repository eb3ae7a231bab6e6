import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import type { CommandKind } from "../domain/commands.ts";
import { delayedReleases } from "./delayed-releases.ts";

/** Ports whose every answer is `answer`, and what happened in order. */
const watched = (answer: () => Promise<unknown>) => {
  const seen: string[] = [];
  const ask = (what: string) => async () => {
    const outcome = await answer();
    seen.push(what);
    return outcome;
  };
  const refunds = { forBuyer: ask("refund"), byOperator: ask("refund"), list: ask("list") };
  const inner = {
    boxOffice: { submit: ask("submit") },
    refunds,
    houseSeats: { change: ask("change") },
  };
  const ports = delayedReleases(
    inner as never,
    async () => void seen.push("delayed"),
  ) as unknown as {
    boxOffice: { submit(command: { kind: CommandKind }): Promise<unknown> };
    refunds: Record<keyof typeof refunds, () => Promise<unknown>>;
    houseSeats: { change(): Promise<unknown> };
  };
  return { ports, seen };
};

describe("answers that may tell of a free seat", () => {
  it("of the commands, cancelling and leaving wait after the commit, and no other", async () => {
    const kinds = ["reserve", "pay", "charge", "cancel", "leave", "lapse"] as const;
    const waiting: string[] = [];
    for (const kind of kinds) {
      const { ports, seen } = watched(async () => kind);
      assert.equal(await ports.boxOffice.submit({ kind }), kind);
      if (seen.join() === "submit,delayed") waiting.push(kind);
      else assert.deepEqual(seen, ["submit"]);
    }
    assert.deepEqual(waiting, ["cancel", "leave"]);
  });

  it("refunds of buyers and operators, and changes of house seats wait, and reads do not", async () => {
    const { ports, seen } = watched(async () => "outcome");
    assert.equal(await ports.refunds.forBuyer(), "outcome");
    assert.equal(await ports.refunds.byOperator(), "outcome");
    assert.equal(await ports.houseSeats.change(), "outcome");
    assert.equal(await ports.refunds.list(), "outcome");
    assert.deepEqual(seen, [
      ...["refund", "delayed", "refund", "delayed", "change", "delayed"],
      "list",
    ]);
  });

  it("a release that fails tells of nothing and does not wait", async () => {
    const { ports, seen } = watched(() => Promise.reject(new Unavailable("away")));
    await assert.rejects(ports.boxOffice.submit({ kind: "cancel" }), Unavailable);
    assert.deepEqual(seen, []);
  });
});
