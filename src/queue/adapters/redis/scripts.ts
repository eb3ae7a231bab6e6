import { join } from "node:path";
import { composeScripts, readLua } from "#platform/redis/compose.ts";
import { scriptOf, type Script } from "#platform/redis/store.ts";
import { luaNames } from "./lua-names.ts";

const composed = composeScripts({
  ...readLua(join(import.meta.dirname, "scripts")),
  bound: luaNames,
});

/** One atomic step: its script, and its arguments after epoch and nowMs by name, in their order. */
export interface Binding<Name extends string = string> {
  readonly script: Script;
  /** A name that ends in `..` stands for any number of arguments, at the end. */
  readonly args: readonly Name[];
}

/** Redis gets the code alone: without comments a source is about half as long. */
const isCode = (text: string): boolean => !/^\s*(?:--.*)?$/.test(text);

const bind = <const Name extends string>(file: string, args: readonly Name[]): Binding<Name> => {
  const lines = composed.get(file);
  if (lines === undefined) throw new Error(`there is no script ${file}`);
  const code = lines.map(({ text }) => text).filter(isCode);
  return { script: scriptOf(file, code.join("\n")), args };
};

/** Writes the epoch mark itself, so it takes the epoch to write and no clock. */
export const attachScript = bind("attach", ["epoch", "recoveryMs", "retentionMs", "waitingList"]);

/**
 * The steps of a queue. Every one takes the queue's keys (see keys.ts), the epoch and the clock first;
 * `call-queue.ts` adds them.
 */
export const queueScripts = {
  getStatus: bind("get-status", ["callers.."]),
  join: bind("join", ["opensAtMs", "final", "lobbyUntilMs", "findOnly", "callers.."]),
  endPlace: bind("end-place", ["ends.."]),
  restore: bind("restore", ["user", "place", "activeUntilMs", "drawValue", "isBeforeDraw"]),
  admit: bind("admit", [
    "sessionMs",
    "claimMs",
    "admissionsPerMinute",
    "maxActive",
    "shoppersMax",
    "admitsFromMs",
    "final",
    "peopleMax",
    "pollPerPlaceMs",
    "pollNearMs",
    "pollSlowestMs",
    "graceMs",
    "trackedMax",
    "passGapMs",
    "retentionMs",
    "idleMs",
    "seatsFree",
    "isSoldOut",
  ]),
  rebuild: bind("rebuild", ["last", "people.."]),
  checkActive: bind("check-active", ["callers.."]),
  enter: bind("enter", ["lockMs", "leaseMs", "attempts.."]),
  releaseLocks: bind("release-locks", ["attempts.."]),
  carryHold: bind("carry-hold", ["user", "place", "reservation", "expiresAtMs"]),
  clearHold: bind("clear-hold", ["user", "reservation"]),
  readJournal: bind("read-journal", ["entriesMax"]),
  trimJournal: bind("trim-journal", ["throughN"]),
  readLobby: bind("read-lobby", [
    "admitsAtMs",
    "drawId",
    "leaseMs",
    "afterValue",
    "afterUser",
    "entrantsMax",
  ]),
  peekPlace: bind("peek-place", ["user"]),
} as const;

type Spread<Name extends string> = Name extends `${string}..` ? never : Name;

/** The values of a step's arguments by name; `rest` holds those of the name that ends in `..`. */
export type StepArgs<B extends Binding> = Readonly<
  Record<Spread<B["args"][number]>, string | number>
> & {
  readonly rest?: readonly (string | number)[];
};

/** The arguments in the script's order. */
export const argsOf = <B extends Binding>(
  binding: B,
  values: StepArgs<B>,
): readonly (string | number)[] => {
  const named = values as Readonly<Record<string, string | number>>;
  const inOrder = binding.args
    .filter((name) => !name.endsWith(".."))
    .map((name) => {
      const value = named[name];
      if (value === undefined) throw new Error(`${binding.script.name} lacks ${name}`);
      return value;
    });
  return values.rest === undefined ? inOrder : [...inOrder, ...values.rest];
};
