import type { FastifyInstance } from "fastify";
import { readRequest } from "#platform/http/lane/grammar.ts";
import { buildServer, type OperatorPages, type ServerOptions } from "#platform/http/server.ts";
import type { Config } from "./config.ts";
import { pagesForFans } from "./pages.ts";

/** The servers of an instance, not listening yet. */
export interface Listeners {
  /** Serves everything, or everything but the operators' paths when `ops` exists. */
  readonly main: FastifyInstance;
  /** Serves everything on a port of its own, so that operators can try each call; null without OPS_PORT. */
  readonly ops: FastifyInstance | null;
}

/** Returns how operators' pages are protected. Each client that reaches OPS_PORT may read the metrics. */
const operatorPages = ({ environment, opsPort }: Config): OperatorPages => {
  const isProduction = environment === "production";
  return {
    metrics: isProduction && opsPort === null ? "key" : "open",
    docs: isProduction ? "session" : "open",
  };
};

/** Builds the servers of an instance: one, or two with OPS_PORT. */
export const buildListeners = async (config: Config, all: ServerOptions): Promise<Listeners> => {
  const fastLane = config.fastLane ? readRequest : null;
  const hasOps = config.opsPort !== null;
  const whole = await buildServer({
    ...all,
    fastLane: hasOps ? null : fastLane,
    operatorPages: operatorPages(config),
  });
  if (!hasOps) return { main: whole, ops: null };
  const main = await buildServer({
    ...all,
    fastLane,
    routes: all.routes.filter(({ auth }) => auth !== "operator"),
    documented: all.routes,
    operatorPages: null,
    pages: pagesForFans(all.pages ?? null),
  });
  return { main, ops: whole };
};
