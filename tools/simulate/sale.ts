import {
  createClient,
  createConcert,
  getConcert,
  getSeatingPlan,
  type Client,
} from "../../sdk/index.ts";
import type { Crowd } from "./crowd.ts";
import { UsageError, type Options } from "./options.ts";
import { countSeats, type PlanInput } from "./plan.ts";
import { seatsABuyer } from "./wishes.ts";

const dayMs = 86_400_000;
const saleMinutes = 2;
/** The hall without a plan. */
const smallHall = 50;
/** Fans for each seat: enough that most of them find none. */
const fansASeat = 10;
/** Seats of a sale for a few fans, so that it takes more than some seconds. */
const seatsMin = 150;
const datesMax = 20;
/** Users who choose and pay at once, so that they are as fast as they are admitted. */
const activeMin = 60;
const minutesOfATurn = 0.25;

const refusalMessage = (options: Options, refusal: { code: string; problem?: unknown }): string => {
  const { url } = options;
  const { code, problem } = refusal;
  if (code === "NO_ANSWER") return `No server answers at ${url}. Start one with npm start.`;
  if (code === "OPERATOR_KEY_INVALID")
    return `OPERATOR_KEY is not the key of the server at ${url}.`;
  const { errors = [] } = (problem ?? {}) as {
    readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  };
  const faults = errors.map(({ pointer, message }) => `\n  ${pointer}: ${message}`);
  return `${url} refused: ${code}.${faults.join("")}`;
};

const hallOf = (plan: PlanInput | null) => {
  if (plan !== null) return { seatingPlan: plan };
  const grades = [
    { name: "R", price: 132_000, seats: [1, 20] as const },
    { name: "S", price: 99_000, seats: [21, 50] as const },
  ];
  return { grades };
};

/** How many dates there are, and how fast and how many users are admitted to them. */
const scaleOf = ({ fans, plan, admissionsPerMinute }: Options) => {
  const seatsADate = plan === null ? smallHall : countSeats(plan);
  const seatsWanted = Math.max(seatsMin, fans / fansASeat);
  const dateCount = Math.min(datesMax, Math.ceil(seatsWanted / seatsADate));
  const turns = Math.min(fans, (dateCount * seatsADate) / seatsABuyer);
  const rate = admissionsPerMinute ?? Math.ceil(turns / saleMinutes);
  const maxActive = Math.max(activeMin, Math.ceil(rate * minutesOfATurn));
  return { dateCount, policy: { admissionsPerMinute: rate, maxActive } };
};

/** Creates a concert for the simulation, so that its figures include no other user. */
const createSale = async (options: Options): Promise<string> => {
  if (options.operatorKey === null) {
    throw new UsageError("Name a concert with --concert, or set OPERATOR_KEY to create one.");
  }
  const client = createClient({ url: options.url, retry: { triesMax: 2 } });
  const { dateCount, policy } = scaleOf(options);
  const dates = Array.from({ length: dateCount }, (_, n) => ({
    date: new Date(Date.now() + (30 + n) * dayMs).toISOString().slice(0, 10),
  }));
  // A fan who holds seats and never pays keeps other fans waiting: the report should show it.
  const times = { claimSeconds: 60, sessionSeconds: 60, holdSeconds: 40 };
  const afterwards = {
    transfers: { until: 1, perTicket: 1 },
    refunds: { until: 1, fees: [{ daysBefore: 365, percent: 10 }] },
  };
  const limits = { holdsPerUser: 10, holdCooldownSeconds: 60, idleSeconds: 180 };
  const body = {
    title: `Simulation with ${options.fans} fans`,
    venue: "Simulated Hall",
    dates,
    ...hallOf(options.plan),
    policy: { ...policy, ...times, ...afterwards, ...(options.isStrict && limits) },
  };
  const created = await client.call(createConcert, { body }, { token: options.operatorKey });
  if (!created.ok) throw new UsageError(refusalMessage(options, created));
  return created.value.concertId;
};

/** The concert that the fans go to: the named one, or a new one. */
export const openSale = async (
  client: Client,
  options: Options,
): Promise<Pick<Crowd, "concertId" | "hall" | "seatsMax">> => {
  const concertId = options.concertId ?? (await createSale(options));
  const retry = { triesMax: 2 };
  const concert = await client.call(getConcert, { concertId }, { retry });
  if (!concert.ok) throw new UsageError(refusalMessage(options, concert));
  const hall = await client.call(getSeatingPlan, { concertId }, { retry });
  if (!hall.ok) throw new UsageError(refusalMessage(options, hall));
  return { concertId, hall: hall.value, seatsMax: concert.value.maxSeatsPerUser };
};
