import { cannedFrom, sampleAnswer, startBareServer } from "../floors/bare.ts";
import { readRequests } from "../load/request-file.ts";
import type { Watched } from "../measure/processes.ts";
import { alternate, figureOf, roundOf, type Figure, type Round } from "../measure/round.ts";
import { ratios, type Summary } from "../measure/statistics.ts";
import type { TestBed, Subject } from "../test-bed/test-bed.ts";
import type { Context } from "./row.ts";

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
  let first = 1;
  return async () => {
    const server = { name: "server", pid: subject.pid };
    const result = await context.load.run({
      ...jobOf(context, setting, subject.port, [server, ...testBed.stores]),
      first,
    });
    first = result.next;
    try {
      return roundOf(result, [setting.status], `${setting.row}, the server`);
    } catch (error) {
      throw new Error(`the server said at last:\n${subject.output().slice(-saidChars)}`, {
        cause: error,
      });
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

/** Below this the floor's server waited for another process, and the floor is lower than it could be. */
const saturated = 0.95;

export const saturationRemark = (floor: Figure): string[] =>
  floor.serverBusy === null || floor.serverBusy >= saturated
    ? []
    : [
        `The bare server's core was busy ${Math.round(floor.serverBusy * 100)} % of the time only: the floor does not count.`,
      ];

export interface Comparison {
  readonly subject: Figure;
  readonly floor: Figure;
  readonly ratio: Summary;
}

/**
 * Measures the server against a bare node:http server that sends the bytes of the server's own answer
 * to the first request of the book, under the same load from the same generator, in turns.
 */
export const compareWithBare = async (context: Context, setting: Load): Promise<Comparison> => {
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
    const found = await alternate(context.scale.rounds, floor, subject);
    await context.profile?.(
      setting.row,
      setting.subject.output(),
      async () => void (await subject()),
    );
    const rates = (rounds: readonly Round[]): number[] => rounds.map((round) => round.perSecond);
    return {
      subject: figureOf("Frontrow", found.subject),
      floor: figureOf("bare node:http", found.floor),
      ratio: ratios(rates(found.subject), rates(found.floor)),
    };
  } finally {
    await bare.close();
  }
};

/** Milliseconds of a share of the subject's answers. */
export const latencyMs = (figure: Figure, share: number): number =>
  (figure.latency?.quantile(share) ?? Number.NaN) / 1000;
