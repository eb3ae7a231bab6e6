import { areTooWide } from "./proxy-ranges.ts";
import { isLoopback } from "./readers.ts";
import { demoTicketKeyId, hasDemoKey } from "./secrets.ts";
import type { Config } from "./settings.ts";

const demoWord = /demo|change-?me|example|password/i;

/** Of 100,000 keys of 24 random hexadecimal digits, about one has fewer than 8 different digits. */
const isInventedText = (secret: string): boolean => new Set(secret).size < 8;

/** 32 random bytes have about 30 different values; an invented secret repeats them. */
const isInvented = (secret: Uint8Array): boolean => new Set(secret).size < 16;

const secretFaults = ({
  operatorKeys,
  tokenKeys,
  ticketKeys,
  databaseUrl,
  redisUrl,
}: Config): string[] => {
  const faults: string[] = [];
  const keys = operatorKeys.map(({ secret }) => secret);
  if (keys.some((key) => demoWord.test(key) || isInventedText(key))) {
    faults.push(
      "OPERATOR_KEY or OPERATOR_KEYS is a demo secret or has too few different characters: set your own, made with: openssl rand -hex 24",
    );
  }
  if (tokenKeys.some((key) => demoWord.test(key.id) || isInvented(key.secret))) {
    faults.push(
      'TOKEN_KEYS holds a demo secret: set your own, made with: echo "k1:$(openssl rand -hex 32)"',
    );
  }
  if (ticketKeys.some(({ id, seed }) => id === demoTicketKeyId || isInvented(seed))) {
    faults.push(
      'TICKET_KEYS holds a demo key (id 0 is one) or an invented seed: set your own, made with: echo "1:$(openssl rand -hex 32)"',
    );
  }
  const bytes = [...tokenKeys.map(({ secret }) => secret), ...ticketKeys.map(({ seed }) => seed)];
  const texts = [
    ...keys,
    ...bytes.map((secret) => Buffer.from(secret).toString("hex")),
    ...[databaseUrl, redisUrl].flatMap((url) => passwordIn(url) ?? []),
  ].map((secret) => secret.toLowerCase());
  if (new Set(texts).size < texts.length) {
    faults.push(
      "OPERATOR_KEY, OPERATOR_KEYS, TOKEN_KEYS, TICKET_KEYS and the passwords of DATABASE_URL and REDIS_URL must all differ: one of them is used twice",
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
  const host = searchParams.get("host") ?? decodeURIComponent(hostname);
  return host !== "" && !host.startsWith("/") && !isLoopback(host);
};

const storeFaults = ({ databaseUrl, redisUrl }: Config): string[] =>
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

/** The faults that production refuses and development allows; each says how to fix it. */
export const productionFaults = (config: Config): string[] => {
  const faults = [...secretFaults(config), ...storeFaults(config)];
  if (areTooWide(config.trustedProxies)) {
    faults.push(
      "TRUST_PROXY must name the proxies only: with so wide ranges each client can choose the address that it is known by",
    );
  }
  if (config.demoSeed) faults.push("DEMO_SEED must be false in production");
  return faults;
};

/** The fault that every mode refuses: the published demo key on an address that other machines can reach. */
export const publishedFaults = ({ operatorKeys, host }: Config): string[] =>
  hasDemoKey(operatorKeys) && !isLoopback(host)
    ? [
        "OPERATOR_KEY is the published demo key, and HOST lets other machines in: set a key of your own",
      ]
    : [];
