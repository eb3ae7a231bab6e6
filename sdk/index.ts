export * from "./generated/index.ts";
export { createClient } from "./client.ts";
export type {
  CallOptions,
  Client,
  ClientOptions,
  Failure,
  Refused,
  Result,
  Success,
  Unanswered,
} from "./client.ts";
export { eventParser, readEvents, type StreamEvent } from "./events.ts";
export type { Nothing, Operation } from "./operation.ts";
export type { RetryPolicy } from "./wait.ts";
export { listen, type ListenOptions } from "./listen.ts";
export { watchPlace, type WatchEnd, type WatchOptions } from "./watch-place.ts";
