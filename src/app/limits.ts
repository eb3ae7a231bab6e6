import {
  addressLimit,
  type AddressLimit,
  type SharedCounts,
} from "#platform/http/address-limit.ts";
import type { Config } from "./config.ts";

export type Limit = AddressLimit & SharedCounts;

/** The limits by address of an installation; null: no limit. */
export interface Limits {
  readonly requests: Limit | null;
  readonly newUsers: Limit | null;
  readonly failedKeys: Limit | null;
  readonly failedCodes: Limit | null;
}

/** Makes the limits by address that the settings ask for. */
export const limitsOf = (config: Config, isShared: boolean, nowMs: () => number): Limits => {
  const limit = (name: string, requests: number, perMs: number, burst: number): Limit | null =>
    requests === 0
      ? null
      : addressLimit({ name, intervalMs: perMs / requests, burst, isShared, nowMs });
  const { rateLimitPerAddress, newUsersPerAddress, failedKeysPerAddress } = config;
  const burst = Math.max(10, rateLimitPerAddress * 2);
  return {
    requests: limit("requests", rateLimitPerAddress, 1_000, burst),
    newUsers: limit("newUsers", newUsersPerAddress, 60_000, newUsersPerAddress),
    failedKeys: limit("failedKeys", failedKeysPerAddress, 60_000, failedKeysPerAddress),
    failedCodes: limit("failedCodes", failedKeysPerAddress, 60_000, failedKeysPerAddress),
  };
};
