import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { memorySpentChallenges } from "../memory/memory-spent-challenges.ts";
import { solveProof } from "#test/support/solve-proof.ts";
import type { ProofOfWork } from "../../ports/challenges.ts";
import { lifetimeMs, powChallenges } from "./pow-challenges.ts";

const request = { kind: "create-user" } as const;
const secret = randomBytes(32);
const spentIn = (clock = { nowMs: () => Date.now() }) => memorySpentChallenges(clock);

const scene = (options: Partial<Parameters<typeof powChallenges>[0]> = {}) => {
  const clock = { nowMs: () => Date.now() };
  const challenges = powChallenges({
    secrets: [secret],
    cost: 8,
    spent: spentIn(),
    clock,
    ...options,
  });
  const issue = async (): Promise<ProofOfWork> => {
    const challenge = await challenges.issue();
    return challenge.kind === "pow" ? challenge.proof : assert.fail(challenge.kind);
  };
  return { issue, passes: (response: string | null) => challenges.passes(response, request) };
};

const encoded = (payload: unknown): string =>
  Buffer.from(JSON.stringify(payload)).toString("base64");
const decoded = (response: string): { challenge: ProofOfWork; solution: object } =>
  JSON.parse(Buffer.from(response, "base64").toString()) as {
    challenge: ProofOfWork;
    solution: object;
  };

test("a solution passes once", async () => {
  const { issue, passes } = scene();
  const response = await solveProof(await issue());
  assert.equal(await passes(response), true);
  assert.equal(await passes(response), false);
});

test("a solution passes once on all instances that share what is spent", async () => {
  const spent = spentIn();
  const [one, two] = [scene({ spent }), scene({ spent })];
  const response = await solveProof(await one.issue());
  const passed = await Promise.all([one.passes(response), two.passes(response)]);
  assert.deepEqual(passed.toSorted(), [false, true]);
});

test("the spelling of a solution makes no second use", async () => {
  const { issue, passes } = scene();
  const response = await solveProof(await issue());
  const { challenge, solution } = decoded(response);
  const { parameters, signature } = challenge;
  const turned = Object.fromEntries(Object.entries(parameters).toReversed());
  const spellings = [
    response.replaceAll("=", ""),
    ` ${response}`,
    encoded({ solution, challenge: { signature, parameters: turned, more: 1 } }),
  ];
  assert.equal(await passes(response), true);
  for (const spelling of spellings) assert.equal(await passes(spelling), false, spelling);
});

test("a solution passes while a new key signs, and not with the keys of another installation", async () => {
  const old = scene();
  const response = await solveProof(await old.issue());
  assert.equal(await scene({ secrets: [randomBytes(32)] }).passes(response), false);
  assert.equal(await scene({ secrets: [randomBytes(32), secret] }).passes(response), true);
});

test("a solution that comes after the end of its challenge is refused", async () => {
  const late = scene({ clock: { nowMs: () => Date.now() - lifetimeMs - 2_000 } });
  assert.equal(await late.passes(await solveProof(await late.issue())), false);
});

test("a response that is no solution is refused", async () => {
  const { issue, passes } = scene();
  const response = await solveProof(await issue());
  const { challenge, solution } = decoded(response);
  const other = decoded(await solveProof(await issue()));
  const later = { ...challenge.parameters, expiresAt: challenge.parameters.expiresAt + 60 };
  const easier = { ...challenge.parameters, keyPrefix: "00" };
  const responses: readonly (string | null)[] = [
    null,
    "",
    "rubbish",
    encoded(null),
    encoded([]),
    encoded({}),
    encoded({ challenge: {}, solution: {} }),
    encoded({ challenge: { parameters: {}, signature: 1 }, solution }),
    encoded({ challenge, solution: {} }),
    encoded({ challenge, solution: { counter: 1, derivedKey: "00" } }),
    encoded({ challenge, solution: { ...solution, derivedKey: ["00"] } }),
    encoded({ challenge, solution: other.solution }),
    encoded({ challenge: { ...challenge, signature: other.challenge.signature }, solution }),
    encoded({ challenge: { ...challenge, signature: "" }, solution }),
    ...["none", "SHA-512", null].map((hmacAlgorithm) =>
      encoded({ challenge: { ...challenge, signature: "00" }, solution, hmacAlgorithm }),
    ),
    encoded({ challenge: { ...challenge, parameters: later }, solution }),
    encoded({ challenge: { ...challenge, parameters: easier }, solution }),
    encoded({
      challenge: { ...challenge, parameters: { ...challenge.parameters, keySignature: "" } },
      solution,
    }),
  ];
  for (const one of responses) assert.equal(await passes(one), false, String(one));
  assert.equal(await passes(response), true, "control");
});

test("while it cannot be known what is spent, no solution passes", async () => {
  const away = new Error("away");
  const { issue, passes } = scene({ spent: { spend: () => Promise.reject(away) } });
  await assert.rejects(passes(await solveProof(await issue())), away);
});

test("the work is at least half of the cost", async () => {
  const { issue } = scene({ cost: 10 });
  for (let n = 0; n < 20; n += 1) {
    const { solution } = decoded(await solveProof(await issue()));
    const { counter } = solution as { counter: number };
    assert.ok(counter >= 5 && counter <= 10, String(counter));
  }
});
