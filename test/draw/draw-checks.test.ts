import assert from "node:assert/strict";
import { createHash, createHmac, randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  checkDraw,
  digestOf,
  drawValueOf,
  placeOf,
  userHashOf,
  type DrawnPlace,
  type Knowledge,
  type PublishedDraw,
} from "../../tools/verify-draw/draw.ts";

const seed = "5eed".repeat(16);
const userIds = Array.from({ length: 40 }, () => randomUUID());

const placesOf = (ids: readonly string[], key = seed): DrawnPlace[] =>
  ids
    .map((id) => ({ drawValue: drawValueOf(key, id), userHash: userHashOf(id) }))
    .sort((a, b) => a.drawValue - b.drawValue);

const honest: PublishedDraw & { readonly places: DrawnPlace[] } = {
  commitment: createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex"),
  seed,
  drawnAt: "2026-11-22T10:00:00.000Z",
  entrants: userIds.length,
  entrantsDigest: digestOf(userIds.map(userHashOf)),
  places: placesOf(userIds),
};

const failures = (draw: PublishedDraw, knowledge: Knowledge = {}): string[] =>
  checkDraw(draw, knowledge)
    .filter(({ result }) => result === "fails")
    .map(({ message }) => message);

const mine = String(userIds[7]);
const everything: Knowledge = { commitment: honest.commitment, userId: mine, userIds };

test("a draw value is what the contract says, of the id in lower case", () => {
  const id = "0190A1B2-0000-7000-8000-00000000000A";
  const mac = createHmac("sha256", Buffer.from(seed, "hex")).update(id.toLowerCase()).digest("hex");
  assert.equal(drawValueOf(seed, id), Number(`0x${mac.slice(0, 13)}`));
  assert.ok(userIds.every((user) => drawValueOf(seed, user) < 2 ** 52));
});

test("a digest is of the hashes in their own order, one a line", () => {
  const expected = createHash("sha256").update("aa\nbb\ncc").digest("hex");
  assert.equal(digestOf(["cc", "aa", "bb"]), expected);
});

test("an honest draw holds in every check, and the open questions are named", () => {
  assert.deepEqual(failures(honest, everything), []);
  const results = (knowledge: Knowledge) =>
    checkDraw(honest, knowledge).map(({ result }) => result);
  assert.ok(!results(everything).includes("open"));
  assert.equal(results({}).filter((result) => result === "open").length, 3);
});

test("a user is found at the drawn place, whatever the case of the id", () => {
  const rank = 1 + userIds.filter((id) => drawValueOf(seed, id) < drawValueOf(seed, mine)).length;
  assert.equal(placeOf(honest, mine.toUpperCase()), rank);
  const words = checkDraw(honest, { userId: mine }).map((one) => one.message);
  assert.ok(
    words.some((line) => line.includes(`the place ${rank} of 40`)),
    words.join("\n"),
  );
});

test("a user who was not in the lobby is not found", () => {
  assert.equal(placeOf(honest, randomUUID()), null);
  assert.equal(failures(honest, { userId: randomUUID() }).length, 1);
});

const others = userIds.filter((id) => id !== mine);
const stranger = randomUUID();
const otherSeed = "bad5".repeat(16);
const swapped = (a: number, b: number, part?: keyof DrawnPlace): DrawnPlace[] => {
  const places = honest.places.map((place) => ({ ...place }));
  const [one, two] = [places[a], places[b]];
  assert.ok(one && two);
  if (part === undefined) [places[a], places[b]] = [two, one];
  else
    [places[a], places[b]] = [
      { ...one, [part]: two[part] },
      { ...two, [part]: one[part] },
    ];
  return places;
};
const mineAt = honest.places.findIndex(({ userHash }) => userHash === userHashOf(mine));
const otherAt = mineAt === 0 ? 1 : 0;

const tampered: readonly [string, PublishedDraw, Knowledge, RegExp][] = [
  ["another seed", { ...honest, seed: otherSeed }, {}, /the seed is NOT/],
  ["an empty seed", { ...honest, seed: "" }, {}, /the seed is NOT/],
  [
    "another seed, with a commitment and a list of its own",
    {
      ...honest,
      seed: otherSeed,
      commitment: createHash("sha256").update(Buffer.from(otherSeed, "hex")).digest("hex"),
      places: placesOf(userIds, otherSeed),
    },
    { commitment: honest.commitment },
    /the commitment is NOT the one that was noted/,
  ],
  [
    "an entrant left off the list",
    { ...honest, places: placesOf(others) },
    {},
    /39 draw values, but there were 40/,
  ],
  [
    "an entrant left off the list and the count",
    { ...honest, entrants: 39, places: placesOf(others) },
    {},
    /digest of the entrants is NOT/,
  ],
  [
    "an entrant left out everywhere, seen by that entrant",
    {
      ...honest,
      entrants: 39,
      places: placesOf(others),
      entrantsDigest: digestOf(others.map(userHashOf)),
    },
    { userId: mine },
    /is NOT on the list/,
  ],
  [
    "a user added after the digest was fixed",
    { ...honest, entrants: 41, places: placesOf([...userIds, stranger]) },
    {},
    /digest of the entrants is NOT/,
  ],
  [
    "a user invented before the digest was fixed, seen by an owner of all ids",
    {
      ...honest,
      entrants: 41,
      places: placesOf([...userIds, stranger]),
      entrantsDigest: digestOf([...userIds, stranger].map(userHashOf)),
    },
    { userIds },
    /NOT that of the ids/,
  ],
  ["two places exchanged", { ...honest, places: swapped(3, 9) }, {}, /do NOT ascend/],
  [
    "two people exchanged, seen by one of them",
    { ...honest, places: swapped(mineAt, otherAt, "userHash") },
    { userId: mine },
    /with a value of another user/,
  ],
  [
    "two people exchanged, seen by who has the ids",
    { ...honest, places: swapped(3, 9, "userHash") },
    { userIds },
    /place 4 belongs to/,
  ],
  [
    "a value made smaller",
    {
      ...honest,
      places: honest.places.map((place, index) =>
        index === mineAt ? { ...place, drawValue: 0 } : place,
      ),
    },
    { userId: mine },
    /NOT/,
  ],
  [
    "an invalid value",
    { ...honest, places: [...honest.places.slice(0, -1), { drawValue: 2 ** 52, userHash: null }] },
    {},
    /is not a draw value/,
  ],
  [
    "one person twice",
    { ...honest, places: [...honest.places.slice(0, -1), ...honest.places.slice(-2, -1)] },
    {},
    /on the list twice/,
  ],
];

for (const [title, draw, knowledge, words] of tampered)
  test(`verify-draw finds ${title}`, () => {
    const found = failures(draw, knowledge);
    assert.ok(
      found.some((one) => words.test(one)),
      found.join("\n") || "nothing was found",
    );
  });

test("a list without hashes is checked as far as it goes, and says so", () => {
  const bare = { ...honest, places: honest.places.map((place) => ({ ...place, userHash: null })) };
  assert.deepEqual(failures(bare, everything), []);
  const opened = checkDraw(bare, everything).filter(({ result }) => result === "open");
  assert.match(opened.map(({ message }) => message).join(), /shows no hashes/);
});

test("a draw without entrants is in order", () => {
  const empty = { ...honest, entrants: 0, places: [], entrantsDigest: digestOf([]) };
  assert.deepEqual(failures(empty, { commitment: honest.commitment, userIds: [] }), []);
});
