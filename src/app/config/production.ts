import { isLoopback } from "./readers.ts";
import { demoOperatorKey, type TokenKey } from "./secrets.ts";

/** The settings that are checked; `Config` has them. */
export interface CheckedSettings {
  readonly host: string;
  readonly operatorKeys: readonly string[];
  readonly tokenKeys: readonly TokenKey[];
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly trustedProxies: readonly string[];
  readonly demoSeed: boolean;
}

const demoWord = /demo|change-?me|example|password/i;

/** Of 100,000 keys of 24 random hexadecimal digits, about one has fewer than 8 different digits. */
const isInventedText = (secret: string): boolean => new Set(secret).size < 8;

/** 32 random bytes have about 30 different values; an invented secret repeats them. */
const isInvented = (secret: Uint8Array): boolean => new Set(secret).size < 16;

const secretFaults = ({
  operatorKeys,
  tokenKeys,
  databaseUrl,
  redisUrl,
}: CheckedSettings): string[] => {
  const faults: string[] = [];
  if (operatorKeys.some((key) => demoWord.test(key) || isInventedText(key))) {
    faults.push(
      "OPERATOR_KEY is a demo secret or has too few different characters: set your own, made with: openssl rand -hex 24",
    );
  }
  if (tokenKeys.some((key) => demoWord.test(key.id) || isInvented(key.secret))) {
    faults.push(
      'TOKEN_KEYS holds a demo secret: set your own, made with: echo "k1:$(openssl rand -hex 32)"',
    );
  }
  const texts = [
    ...operatorKeys,
    ...tokenKeys.map(({ secret }) => Buffer.from(secret).toString("hex")),
    ...[databaseUrl, redisUrl].flatMap((url) => passwordIn(url) ?? []),
  ].map((secret) => secret.toLowerCase());
  if (new Set(texts).size < texts.length) {
    faults.push(
      "OPERATOR_KEY, TOKEN_KEYS and the passwords of DATABASE_URL and REDIS_URL must all differ: one of them is used twice",
    );
  }
  return faults;
};

const passwordIn = (url: string | null): string | null => {
  if (url === null || !URL.canParse(url)) return null;
  const { password, searchParams } = new URL(url);
  const given = decodeURIComponent(password) || searchParams.get("password");
  return given === null || given === "" ? null : given;
};

/** A Unix socket has no host, so it is on this machine. */
const isOtherHost = (url: string): boolean => {
  const { hostname, searchParams } = new URL(url);
  const host = searchParams.get("host") ?? hostname;
  return host !== "" && !host.startsWith("/") && !host.startsWith("%2F") && !isLoopback(host);
};

const storeFaults = ({ databaseUrl, redisUrl }: CheckedSettings): string[] =>
  [
    { name: "DATABASE_URL", url: databaseUrl },
    { name: "REDIS_URL", url: redisUrl },
  ].flatMap(({ name, url }) =>
    url !== null && URL.canParse(url) && isOtherHost(url) && passwordIn(url) === null
      ? [
          `${name} names another host without a password: every client in that network could use the store`,
        ]
      : [],
  );

/** A range with a quarter of all addresses or more does not describe proxies. */
const isTooWide = (range: string): boolean => {
  const [, bits] = range.split("/");
  return bits !== undefined && Number(bits) <= 2;
};

/** The faults that production refuses and development allows; each says how to fix it. */
export const productionFaults = (config: CheckedSettings): string[] => {
  const faults = [...secretFaults(config), ...storeFaults(config)];
  if (config.trustedProxies.some(isTooWide)) {
    faults.push(
      "TRUST_PROXY must name the proxies only: with so wide a range each client can choose the address that it is known by",
    );
  }
  if (config.demoSeed) faults.push("DEMO_SEED must be false in production");
  return faults;
};

/** The fault that every mode refuses: the published demo key on an address that other machines can reach. */
export const publishedFaults = ({ operatorKeys, host }: CheckedSettings): string[] =>
  operatorKeys.includes(demoOperatorKey) && !isLoopback(host)
    ? [
        "OPERATOR_KEY is the published demo key, and HOST lets other machines in: set a key of your own",
      ]
    : [];
