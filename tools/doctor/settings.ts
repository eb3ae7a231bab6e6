import { ConfigError, parseConfig, type Config } from "../../src/app/config.ts";
import type { Environment } from "../../src/app/config/readers.ts";
import { demoOperatorKey } from "../../src/app/config/secrets.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

/** The findings about the settings alone; \`config\` is null when they make none. */
export interface Settings {
  readonly config: Config | null;
  readonly findings: readonly Finding[];
}

const judgeSecrets = (config: Config): Finding => {
  const distinct = config.tokenKeys.map(({ secret }) => new Set(secret).size);
  const weak = [
    ...(config.operatorKeys.includes(demoOperatorKey) ? ["OPERATOR_KEY is the demo's"] : []),
    ...(config.tokenKeys.some(({ id }) => id === "demo") ? ["TOKEN_KEYS are the demo's"] : []),
    ...(distinct.some((count) => count < 16) ? ["a token key looks made up"] : []),
  ];
  if (weak.length === 0) return ok(`secrets of your own, ${config.tokenKeys.length} token key(s)`);
  const mend =
    "Good enough for this machine. Production refuses them: make your own with openssl rand -hex 32.";
  return warning(weak.join("; "), mend);
};

/** Reads the settings as the server would. Repeats no value. */
export const examineSettings = (environment: Environment): Settings => {
  let config: Config;
  try {
    config = parseConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.faults.map((one) =>
      fault(`settings: ${one}`, "Mend it in the environment or in .env."),
    );
    return { config: null, findings };
  }
  const findings = [ok(`settings for ${config.environment}`), judgeSecrets(config)];
  const { host, environment: kind, publicUrl, redisUrl, usersBuiltIn, oidc } = config;
  if (redisUrl === null) {
    findings.push(
      warning(
        "the queue lives in memory",
        "Set REDIS_URL: without it there can be one process only, and a restart empties the queue.",
      ),
    );
  }
  if (kind === "production" && publicUrl === null) {
    findings.push(
      warning(
        "PUBLIC_URL is not set",
        "Set it to where clients reach this installation; the document names it.",
      ),
    );
  }
  if (kind === "production" && usersBuiltIn && oidc === null) {
    findings.push(
      warning(
        "anybody may register (USERS_BUILT_IN)",
        "Real sales set OIDC_ISSUER and its fellows, and USERS_BUILT_IN=false.",
      ),
    );
  }
  if (kind === "production" && ["127.0.0.1", "localhost", "::1"].includes(host)) {
    findings.push(
      warning(
        `HOST is ${host}: only this machine reaches it`,
        "Right behind a proxy on this machine; else 0.0.0.0.",
      ),
    );
  }
  return { config, findings };
};
