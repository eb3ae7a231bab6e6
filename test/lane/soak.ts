import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { responseReader } from "../../bench/load/response-reader.ts";

export interface Soak {
  readonly port: number;
  /** Complete requests in the grammar of the lane. Each connection sends them in turn. */
  readonly requests: readonly Buffer[];
  /** A request that the lane gives to `node:http`. */
  readonly odd: Buffer;
  readonly requestsTotal: number;
  readonly connections: number;
  /** Answers on one connection before it ends and another is opened. */
  readonly answersPerConnection: number;
}

/** How a connection ends: closed by either side, broken off before an answer, or after it went to `node:http`. */
const endings = ["end", "destroy", "vanish", "hand over"] as const;
const patienceMs = 60_000;

/** Sends requests on one connection, one at a time, and ends it. Returns the answers' statuses. */
const useConnection = (soak: Soak, first: number, count: number): Promise<number[]> =>
  new Promise((resolve, reject) => {
    const { port, requests, odd } = soak;
    const ending = endings[Math.floor(first / soak.answersPerConnection) % endings.length];
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const statuses: number[] = [];
    const send = (number: number): void =>
      void socket.write(requests[(first + number) % requests.length] ?? odd);
    const end = (): void => {
      if (ending === "end") socket.end();
      else if (ending === "vanish") socket.write(requests[0] ?? odd, () => socket.destroy());
      else socket.destroy();
    };
    const read = responseReader((status) => {
      statuses.push(status);
      if (statuses.length < count) send(statuses.length);
      else if (statuses.length === count && ending === "hand over") socket.write(odd);
      else end();
    });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("no answer")));
    socket.on("connect", () => send(0)).on("data", read);
    socket.on("error", reject).on("close", () => {
      if (statuses.length >= count) resolve(statuses.slice(0, count));
      else reject(new Error(`closed after ${statuses.length} of ${count} answers`));
    });
  });

/** Sends many requests over many connections. Returns how many answers had each status. */
export const soak = async (options: Soak): Promise<ReadonlyMap<number, number>> => {
  const found = new Map<number, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < options.requestsTotal) {
      const first = next;
      next += options.answersPerConnection;
      const count = Math.min(options.answersPerConnection, options.requestsTotal - first);
      for (const status of await useConnection(options, first, count))
        found.set(status, (found.get(status) ?? 0) + 1);
      await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: options.connections }, work));
  return found;
};
