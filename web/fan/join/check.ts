import type { ComponentChildren } from "preact";
import type { Result } from "../../../sdk/client.ts";
import { signal, type Signal } from "../../shared/signals.ts";
import { partOf } from "../part-of.ts";

/** A place, or another part of the page that sends requests which may need an answered challenge. */
export interface CheckOwner {
  readonly signal: AbortSignal;
}

const createView = (): Signal<ComponentChildren> => signal(null);

/** The view of the check that the operator has set before an account and a place; null: none. */
export const checkOf = (owner: CheckOwner): Signal<ComponentChildren> => partOf(owner, createView);

/** Sends a request of the fan. The part that answers a challenge is loaded only where one is set. */
export const sendChecked = async <Value, Code extends string>(
  owner: CheckOwner,
  send: (challengeResponse: string | null) => Promise<Result<Value, Code>>,
  isExpected = false,
): Promise<Result<Value, Code>> => {
  const view = checkOf(owner);
  view.value = null;
  const first = isExpected ? null : await send(null);
  if (first !== null && (first.ok || first.code !== "CHALLENGE_REQUIRED")) return first;
  try {
    const { sendAnswered } = await import("../challenge/send-answered.tsx");
    return await sendAnswered(send, view, owner.signal);
  } catch {
    // Without the part the fan is told to reload the page.
    return first ?? send(null);
  }
};
