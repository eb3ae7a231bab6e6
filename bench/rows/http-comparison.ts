import { cannedFrom, sampleAnswer, startBareServer } from "../floors/bare.ts";
import { readRequests } from "../load/request-file.ts";
import { memoryOf, type Watched } from "../measure/processes.ts";
import { alternate, figureOf, roundOf, type Figure, type Round } from "../measure/round.ts";
import { judgeRatio, saturatedRound, type JudgedRatio } from "../measure/saturation.ts";
import { millionText } from "../report/format.ts";
import type { TestBed, Subject } from "../test-bed/test-bed.ts";
import type { LoadRow } from "./load-rows.ts";
import type { Context, RowResult, Target } from "./row.ts";

/** Requests for a server, and how they are sent. */
export interface Load {
  readonly row: string;
  readonly testBed: TestBed;
  readonly subject: Subject;
  readonly requestsFile: string;
  /** Whether a request may be sent again. */
  readonly cycle: boolean;
  readonly countPerRound: number;
  readonly connections: number;
  /** The one status that counts. */
  readonly status: number;
}

/** Rounds against the server: each goes on in the book where the last one stopped. */
export const subjectRounds = (context: Context, setting: Load): (() => Promise<Round>) => {
  const { testBed, subject } = setting;
  const watched = [{ name: "server", pid: subject.pid }, ...testBed.stores];
  let first = 1;
  return async () => {
    const result = await context.load.run({
      ...jobOf(context, setting, subject.port, watched),
      first,
    });
    first = result.next;
    const memory = Object.fromEntries(watched.map((one) => [one.name, memoryOf(one)]));
    try {
      return roundOf(result, [setting.status], `${setting.row}, the server`, memory);
    } catch (error) {
      const said = `the server said at last:\n${subject.output().slice(-saidChars)}`;
      throw new Error(`${(error as Error).message}\n${said}`, { cause: error });
    }
  };
};

const saidChars = 3_000;

const answerWithinMs = 30_000;

const jobOf = (context: Context, setting: Load, port: number, watched: readonly Watched[]) => ({
  host: "127.0.0.1",
  port,
  requestsFile: setting.requestsFile,
  countMax: setting.countPerRound,
  cycle: setting.cycle,
  connections: setting.connections,
  pipelining: 1,
  warmupMs: context.scale.warmupMs,
  measureMs: context.scale.roundMs,
  timeoutMs: answerWithinMs,
  watched,
});

const floorRemark = (counts: boolean, floor: Figure): string[] =>
  counts
    ? []
    : [
        `The bare server's core was busy ${Math.round((floor.serverBusy ?? 0) * 100)} % of the time only, also when it was measured again: the ratio does not count.`,
      ];

interface Comparison extends JudgedRatio {
  readonly subject: Figure;
  readonly floor: Figure;
}

const subjectLabel = ({ subject }: Context): string =>
  subject.command === undefined ? "Frontrow" : "another server";

/**
 * Measures the server against a bare node:http server that sends the bytes of the server's own answer
 * to the first request of the book, under the same load from the same generator, in turns.
 */
const compareWithBare = async (context: Context, setting: Load): Promise<Comparison> => {
  const [sample] = readRequests(setting.requestsFile);
  if (sample === undefined) throw new RangeError("no requests");
  const canned = cannedFrom(await sampleAnswer(setting.subject.port, sample));
  if (canned.status !== setting.status)
    throw new Error(`${setting.row}: the server answered ${canned.status} ${canned.body}`);
  const bare = await startBareServer(canned);
  try {
    const subject = subjectRounds(context, setting);
    const floor = async (): Promise<Round> => {
      const server = { name: "server", pid: bare.pid };
      const job = { ...jobOf(context, setting, bare.port, [server]), first: 0, cycle: true };
      const result = await context.load.run({ ...job, countMax: Number.MAX_SAFE_INTEGER });
      return roundOf(result, [setting.status], `${setting.row}, the bare server`);
    };
    context.log(`${setting.row}: warming up`);
    await floor();
    await subject();
    context.log(`${setting.row}: measuring`);
    const found = await alternate(context.scale.rounds, () => saturatedRound(floor), subject);
    await profileRound(context, setting, subject);
    return {
      subject: figureOf(subjectLabel(context), found.subject),
      floor: figureOf("bare node:http", found.floor),
      ...judgeRatio(found.subject, found.floor),
    };
  } finally {
    await bare.close();
  }
};

/** Profiles the server during one more round, where a profile is wanted. */
export const profileRound = async (
  { profile }: Context,
  { row, subject }: Pick<Load, "row" | "subject">,
  round: () => Promise<Round>,
): Promise<void> => {
  await profile?.(row, subject.output(), async () => void (await round()));
};

/** The words of the table on a load. */
export interface LoadWords {
  readonly title: string;
  readonly method: string;
}

/** The row of a load without a floor: rounds of the server alone. */
export const measureAlone = async (
  context: Context,
  load: Pick<Load, "row" | "testBed" | "subject">,
  words: LoadWords,
  round: () => Promise<Round>,
): Promise<RowResult> => {
  const { row, testBed } = load;
  context.log(`${row}: warming up`);
  await round();
  context.log(`${row}: measuring`);
  const rounds: Round[] = [];
  while (rounds.length < context.scale.rounds) rounds.push(await round());
  await profileRound(context, load, round);
  const subject = figureOf(subjectLabel(context), rounds);
  return {
    ...{ row, ...words, subject, floor: null, ratio: null, targets: [] },
    remarks: [millionText(subject)],
    versions: testBed.versions,
  };
};

/** Measures a load against the bare server, or the server alone, as the row says. */
export const measureLoad = async (
  context: Context,
  { hasFloor }: LoadRow,
  load: Load,
  words: LoadWords & {
    /** The least ratio to the bare server that the row promises. */
    readonly ratioBound: number;
    /** The further promises of the row. */
    readonly targets?: (subject: Figure) => readonly Target[];
  },
): Promise<RowResult> => {
  const { ratioBound, targets, ...said } = words;
  if (!hasFloor) return measureAlone(context, load, said, subjectRounds(context, load));
  const { counts, ...found } = await compareWithBare(context, load);
  const value = found.ratio.median;
  const ratio = { what: "ratio", value, unit: "×", bound: ratioBound, atLeast: true } as const;
  return {
    ...{ row: load.row, ...said, ...found },
    targets: [{ ...ratio, counts }, ...(targets?.(found.subject) ?? [])],
    remarks: floorRemark(counts, found.floor),
    versions: load.testBed.versions,
  };
};

/** Milliseconds of a share of the subject's answers. */
export const latencyMs = (figure: Figure, share: number): number =>
  (figure.latency?.quantile(share) ?? Number.NaN) / 1000;
