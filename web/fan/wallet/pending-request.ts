import type { Failure } from "../../../sdk/client.ts";
import { newKey } from "../../shared/key.ts";
import { tabStorage } from "../../shared/storage.ts";

/** A request without an answer. Sent again with the same key, it takes effect once. */
export interface PendingRequest<T> {
  readonly key: string;
  readonly request: T;
}

/** Whether it is unknown if the request took effect: it has no answer, or the server failed. */
export const isUnknown = ({ code, status }: Failure): boolean =>
  code === "NO_ANSWER" || status >= 500;

/** Keeps a request of an account or a turn in this tab, so that a reload repeats it with its key. */
export const pendingRequest = <T>(name: string) => {
  return {
    read: (): PendingRequest<T> | null => tabStorage.read<PendingRequest<T>>(name),
    /** Returns the stored request, or stores a new one. */
    begin(request: T): PendingRequest<T> {
      const pending = tabStorage.read<PendingRequest<T>>(name) ?? { key: newKey(), request };
      tabStorage.write(name, pending);
      return pending;
    },
    clear: () => tabStorage.remove(name),
  };
};
