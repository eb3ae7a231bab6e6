import { ConfigError, parseConfig, type Config } from "../../src/app/config.ts";
import type { Environment } from "../../src/app/config/readers.ts";
import { demoTicketKeyId, hasDemoKey } from "../../src/app/config/secrets.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

/** The findings about the settings; `config` is null when the settings are invalid. */
export interface Settings {
  readonly config: Config | null;
  readonly findings: readonly Finding[];
}

const checkSecrets = (config: Config): Finding => {
  const { tokenKeys, ticketKeys } = config;
  const secrets = [...tokenKeys.map(({ secret }) => secret), ...ticketKeys.map(({ seed }) => seed)];
  const weak = [
    ...(hasDemoKey(config.operatorKeys) ? ["OPERATOR_KEY is the demo key"] : []),
    ...(tokenKeys.some(({ id }) => id === "demo") ? ["TOKEN_KEYS are the demo keys"] : []),
    ...(ticketKeys.some(({ id }) => id === demoTicketKeyId)
      ? ["TICKET_KEYS are the demo keys"]
      : []),
    ...(secrets.some((secret) => new Set(secret).size < 16) ? ["a key looks invented"] : []),
  ];
  if (weak.length === 0)
    return ok(
      `no demo secrets, ${tokenKeys.length} token key(s), ${ticketKeys.length} ticket key(s)`,
    );
  const fix =
    "Sufficient for a demo. Production refuses them: create secrets with openssl rand -hex 32.";
  return warning(weak.join("; "), fix);
};

/** Reads the settings as the server does. A finding contains no value of a setting. */
export const inspectSettings = (environment: Environment): Settings => {
  let config: Config;
  try {
    config = parseConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.faults.map((one) =>
      fault(`settings: ${one}`, "Correct it in the environment or in .env."),
    );
    return { config: null, findings };
  }
  const findings = [ok(`settings for ${config.environment}`), checkSecrets(config)];
  const { host, environment: kind, publicUrl, redisUrl, usersBuiltIn, oidc } = config;
  if (redisUrl === null) {
    findings.push(
      warning(
        "the queue is in memory",
        "Set REDIS_URL: without it only one process can run, and a restart empties the queue.",
      ),
    );
  }
  if (kind === "production" && publicUrl === null) {
    findings.push(
      warning(
        "PUBLIC_URL is not set",
        "Set it to the address of this installation for clients; the OpenAPI document names it.",
      ),
    );
  }
  if (kind === "production" && usersBuiltIn && oidc === null) {
    findings.push(
      warning(
        "any client can register (USERS_BUILT_IN)",
        "Set OIDC_ISSUER and the other OIDC settings, and USERS_BUILT_IN=false.",
      ),
    );
  }
  if (kind === "production" && ["127.0.0.1", "localhost", "::1"].includes(host)) {
    findings.push(
      warning(
        `HOST is ${host}: only this machine can connect`,
        "This is right behind a proxy on this machine; else set 0.0.0.0.",
      ),
    );
  }
  return { config, findings };
};
