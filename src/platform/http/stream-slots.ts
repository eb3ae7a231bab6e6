import type { ServerResponse } from "node:http";

/** Bounds of the open streams of this process. */
export interface StreamBounds {
  /** Streams of callers with a token. */
  readonly max: number;
  /** Streams of callers without a token, such as the file of a draw. They take no slot of the others. */
  readonly anonymousMax: number;
  /** Streams of callers without a token from one address. */
  readonly anonymousPerAddressMax: number;
}

export interface StreamSlots {
  /**
   * Takes a slot until the response closes. `address` is that of a caller without a token, else null.
   * Returns `full` when no slot is free, `address-full` when the address has its share.
   */
  take(response: ServerResponse, address: string | null): "taken" | "full" | "address-full";
}

export const streamSlots = (bounds: StreamBounds): StreamSlots => {
  let withToken = 0;
  let anonymous = 0;
  const byAddress = new Map<string, number>();

  const count = (address: string | null, change: 1 | -1): void => {
    if (address === null) {
      withToken += change;
      return;
    }
    anonymous += change;
    const open = (byAddress.get(address) ?? 0) + change;
    if (open === 0) byAddress.delete(address);
    else byAddress.set(address, open);
  };

  return {
    take(response, address) {
      const isFull = address === null ? withToken >= bounds.max : anonymous >= bounds.anonymousMax;
      if (isFull) return "full";
      const ofAddress = address === null ? 0 : (byAddress.get(address) ?? 0);
      if (ofAddress >= bounds.anonymousPerAddressMax) return "address-full";
      // The close event of a client that left earlier is over, so nothing would free the slot.
      if (response.destroyed) return "taken";
      count(address, 1);
      response.once("close", () => count(address, -1));
      return "taken";
    },
  };
};
