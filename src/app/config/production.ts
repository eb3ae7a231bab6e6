import { isLoopback } from "./readers.ts";
import { demoOperatorKey, type TokenKey } from "./secrets.ts";

/** The settings that are judged; `Config` has them. */
export interface JudgedSettings {
  readonly host: string;
  readonly operatorKeys: readonly string[];
  readonly tokenKeys: readonly TokenKey[];
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly trustedProxies: readonly string[];
  readonly demoSeed: boolean;
}

const demoWord = /demo|change-?me|example|password/i;

/** 24 random hexadecimal digits have 8 different ones or more in all but 1 of 100,000 keys. */
const isMadeUpText = (secret: string): boolean => new Set(secret).size < 8;

/** 32 random bytes have some 30 different ones; a made-up secret repeats itself. */
const isMadeUp = (secret: Uint8Array): boolean => new Set(secret).size < 16;

const secretFaults = ({
  operatorKeys,
  tokenKeys,
  databaseUrl,
  redisUrl,
}: JudgedSettings): string[] => {
  const faults: string[] = [];
  if (operatorKeys.some((key) => demoWord.test(key) || isMadeUpText(key))) {
    faults.push(
      "OPERATOR_KEY is a demo secret or has too few different characters: set your own, made with: openssl rand -hex 24",
    );
  }
  if (tokenKeys.some((key) => demoWord.test(key.id) || isMadeUp(key.secret))) {
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

/** A socket of this machine has no host. */
const isElsewhere = (url: string): boolean => {
  const { hostname, searchParams } = new URL(url);
  const host = searchParams.get("host") ?? hostname;
  return host !== "" && !host.startsWith("/") && !host.startsWith("%2F") && !isLoopback(host);
};

const storeFaults = ({ databaseUrl, redisUrl }: JudgedSettings): string[] =>
  [
    { name: "DATABASE_URL", url: databaseUrl },
    { name: "REDIS_URL", url: redisUrl },
  ].flatMap(({ name, url }) =>
    url !== null && URL.canParse(url) && isElsewhere(url) && passwordIn(url) === null
      ? [
          `${name} names another host without a password: anybody in that network could use the store`,
        ]
      : [],
  );

/** A range of a quarter of all addresses, or more, is no list of proxies. */
const isOfEverything = (range: string): boolean => {
  const [, bits] = range.split("/");
  return bits !== undefined && Number(bits) <= 2;
};

/** What development may do and a real sale must not, each said with its mend. */
export const productionFaults = (config: JudgedSettings): string[] => {
  const faults = [...secretFaults(config), ...storeFaults(config)];
  if (config.trustedProxies.some(isOfEverything)) {
    faults.push(
      "TRUST_PROXY must name the proxies only: with a range of everything each client chooses the address that it is known by",
    );
  }
  if (config.demoSeed) faults.push("DEMO_SEED must be false in production");
  return faults;
};

/** What no mode allows: the key that everybody can read, on an address that others can reach. */
export const publishedFaults = ({ operatorKeys, host }: JudgedSettings): string[] =>
  operatorKeys.includes(demoOperatorKey) && !isLoopback(host)
    ? [
        "OPERATOR_KEY is the published demo key, and HOST lets other machines in: set a key of your own",
      ]
    : [];
