export * from "./generated/index.ts";
export { withChallenge } from "./challenge.ts";
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
export { download, type DownloadedFile } from "./download.ts";
export { eventParser, readEvents, type StreamEvent } from "./events.ts";
export type { FileOperation, Nothing, Operation } from "./operation.ts";
export type { RetryPolicy } from "./wait.ts";
export { listen, type ListenOptions } from "./listen.ts";
export {
  hasTicketCodeForm,
  readTicketCode,
  verifyByWebCrypto,
  type TicketCode,
  type TicketKey,
  type VerifySignature,
} from "./ticket-code.ts";
export { watchPlace, type WatchEnd, type WatchOptions } from "./watch-place.ts";
