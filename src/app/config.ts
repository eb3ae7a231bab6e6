import { productionFaults, publishedFaults } from "./config/production.ts";
import { readerOf, type Environment } from "./config/readers.ts";
import { readSettings, type Config } from "./config/settings.ts";

export type { Config } from "./config/settings.ts";

/** The environment is not a valid configuration. Each of `faults` names a variable and its valid values. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/**
 * Parses the configuration. An empty variable counts as unset.
 *
 * Throws a `ConfigError` with every fault. No fault repeats a value, because it may be a secret.
 */
export const parseConfig = (environment: Environment): Config => {
  const reader = readerOf(environment);
  const config = readSettings(reader);
  const faults = [...reader.faults];
  if (!config.usersBuiltIn && config.oidc === null && faults.length === 0) {
    faults.push("USERS_BUILT_IN=false needs OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL");
  }
  if (config.environment === "production") {
    if ((environment["USERS_BUILT_IN"] ?? "") === "") {
      faults.push(
        "USERS_BUILT_IN is not set: choose true (any client can create accounts, so one person can have many) or false (with OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL)",
      );
    }
    faults.push(...productionFaults(config));
  }
  if (config.opsPort === config.port && config.port !== 0) {
    faults.push("OPS_PORT must differ from PORT; leave it empty to serve operators on PORT");
  }
  faults.push(...publishedFaults(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
};
