import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { nodeArguments } from "../../scripts/start/node-arguments.ts";
import { parseConfig } from "../../src/app/config.ts";

// The packaged and deployed files, against the settings and files of the server. No container engine runs here:
// these files are read as data.

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

type Fields = Record<string, unknown>;
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Fields | undefined)?.[name], value);
const fields = (value: unknown, ...path: (string | number)[]): Fields => {
  const found = at(value, ...path);
  assert.ok(typeof found === "object" && found !== null, `nothing at ${path.join(".")}`);
  return found as Fields;
};

const knownVariables = new Set(
  [...read(".env.example").matchAll(/^([A-Z][A-Z_]+)=/gm)].map((it) => it[1]),
);
const secrets: Record<string, string> = {
  POSTGRES_PASSWORD: "0123456789abcdef",
  REDIS_PASSWORD: "fedcba9876543210",
  OPERATOR_KEY: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  USERS_BUILT_IN: "true",
  TOKEN_KEYS: `k1:${Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 37) % 256)).toString("hex")}`,
  TICKET_KEYS: `1:${Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 41) % 256)).toString("hex")}`,
};

/** As compose does it: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
const filled = (text: string, environment: Record<string, string>): string =>
  text.replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, kind?: string, rest = "") => {
      const value = environment[name] ?? "";
      if (value !== "") return value;
      if (kind === "?") throw new Error(`${rest}`);
      return String(rest);
    },
  );

const compose: unknown = parse(read("docker-compose.yml"), { merge: true });
const instances = ["frontrow-1", "frontrow-2", "frontrow-3"];
const instanceEnvironment = (environment: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields(compose, "services", "frontrow-1", "environment")).map(
      ([name, value]) => [name, filled(String(value), environment)],
    ),
  );

test("the environment that compose gives an instance is a good production configuration", () => {
  const environment = instanceEnvironment(secrets);
  for (const name of Object.keys(environment)) assert.ok(knownVariables.has(name), name);
  const config = parseConfig(environment);
  assert.equal(config.environment, "production");
  assert.equal(config.host, "0.0.0.0");
  // The balancer is in this network, and no fan is.
  const subnet = at(compose, "networks", "inside", "ipam", "config", 0, "subnet");
  assert.deepEqual(config.trustedProxies, [subnet]);
  assert.match(config.databaseUrl, /@postgres:5432\/frontrow$/);
  assert.match(config.redisUrl ?? "", /@redis:6379$/);
});

test("compose has no secret of its own: it stops at each that is missing", () => {
  for (const missing of Object.keys(secrets)) {
    const rest = { ...secrets, [missing]: "" };
    assert.throws(() => instanceEnvironment(rest), new RegExp(`set ${missing}`));
  }
  const example = read("deploy/compose.env.example");
  for (const name of Object.keys(secrets)) assert.match(example, new RegExp(`^${name}=$`, "m"));
});

test("compose has three instances, a balancer, PostgreSQL 18 and Redis, each with a health check", () => {
  const services = fields(compose, "services");
  assert.deepEqual(
    Object.keys(services).sort(),
    [...instances, "balancer", "postgres", "redis"].sort(),
  );
  for (const [name, service] of Object.entries(services))
    assert.ok(at(service, "healthcheck", "test"), `${name} has no health check`);
  assert.match(String(at(services, "postgres", "image")), /^postgres:18\b/);
  for (const name of instances) assert.ok(!("ports" in fields(services, name)), name);
  for (const volume of Object.values(services).flatMap(
    (it) => (at(it, "volumes") as string[]) ?? [],
  )) {
    const [source = ""] = volume.split(":");
    if (source.startsWith(".")) assert.ok(existsSync(join(root, source)), source);
    else assert.ok(source in fields(compose, "volumes"), source);
  }
});

test("an instance gets longer to end than it takes to drain", () => {
  const { drainSeconds, drainDelaySeconds } = parseConfig(instanceEnvironment(secrets));
  const grace = String(at(compose, "services", "frontrow-1", "stop_grace_period"));
  assert.ok(Number.parseInt(grace, 10) > drainDelaySeconds + drainSeconds);
});

test("the balancer names every instance by its port, resolves names while it runs and buffers no stream", () => {
  const nginx = read("deploy/nginx/nginx.conf");
  const { port, opsPort } = parseConfig(instanceEnvironment(secrets));
  const upstreams = [...nginx.matchAll(/^\s+server (\S+):(\d+) resolve /gm)].map(
    (it) => `${it[1]}:${it[2]}`,
  );
  assert.deepEqual(
    upstreams,
    [port, opsPort].flatMap((one) => instances.map((name) => `${name}:${one}`)),
  );
  assert.match(nginx, /^\s+resolver 127\.0\.0\.11 /m);
  assert.match(nginx, /X-Forwarded-For \$proxy_add_x_forwarded_for;/);
  assert.doesNotMatch(nginx, /non_idempotent/);
  const stream = /location ~ (\S+) \{([^}]*)\}/.exec(nginx);
  const concertId = "0199aaaa-0000-7000-8000-000000000001";
  assert.match(
    `/api/v1/concerts/${concertId}/queue/tokens/me/events`,
    new RegExp(stream?.[1] ?? ""),
  );
  assert.match(stream?.[2] ?? "", /proxy_buffering off;/);
});

test("the balancer answers 404 to operators' paths on the fans' port, and the other port is local", () => {
  const nginx = read("deploy/nginx/nginx.conf");
  const [forFans, forOperators] = [...nginx.matchAll(/listen (\d+)/g)].map(([, port]) => port);
  const hidden = new RegExp(/location ~ (\S+) \{\s+return 404;/.exec(nginx)?.[1] ?? "^$");
  for (const path of ["/console", "/console/x", "/admin/v1/audit", "/docs/", "/metrics"])
    assert.match(path, hidden);
  for (const path of ["/", "/c/x", "/api/v1/concerts", "/openapi.json", "/readyz", "/documents"])
    assert.doesNotMatch(path, hidden);
  assert.match(nginx, new RegExp(`listen ${forOperators};[^}]*http://frontrow-operators;`));
  const ports = at(compose, "services", "balancer", "ports") as string[];
  assert.match(ports[0] ?? "", new RegExp(`^\\$\\{[^}]+\\}:${forFans}$`));
  assert.match(ports[1] ?? "", new RegExp(`^127\\.0\\.0\\.1:\\$\\{[^}]+\\}:${forOperators}$`));
});

test("Redis keeps an append-only file, evicts no key, and is the process that SIGTERM reaches", () => {
  const redis = read("deploy/redis/redis.conf");
  for (const line of ["appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"])
    assert.ok(redis.split("\n").includes(line), line);
  const service = fields(compose, "services", "redis");
  // The image's entry point gives up root only for a command that is redis-server itself.
  assert.deepEqual(service["command"], ["redis-server", "/etc/frontrow/redis.conf"]);
  const included = /^include (\S+)$/m.exec(redis)?.[1];
  assert.deepEqual(service["configs"], [{ source: "redis-password", target: included }]);
  const content = String(at(compose, "configs", "redis-password", "content"));
  assert.equal(filled(content, secrets), `requirepass ${secrets["REDIS_PASSWORD"]}`);
});

test("the image holds the server's files, runs as an ordinary user and runs no foreign script", () => {
  const lines = read("Dockerfile").split("\n");
  const copied = lines
    .filter((line) => line.startsWith("COPY ") && !line.includes("--from"))
    .flatMap((line) => line.split(" ").slice(1, -1));
  const ignored = read(".dockerignore").split("\n");
  assert.ok(ignored.includes("*"), "the context is an allow-list");
  for (const name of copied) {
    assert.ok(existsSync(join(root, name)), name);
    assert.ok(ignored.includes(`!${name}`), `${name} does not get into the context`);
  }
  const text = lines.join("\n");
  assert.match(text, /npm ci --omit=dev --omit=optional --ignore-scripts/);
  assert.match(text, /^USER node$/m);
  assert.match(text, /^STOPSIGNAL SIGTERM$/m);
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(text)?.[1] ?? "[]") as string[];
  assert.deepEqual(command, ["node", ...nodeArguments, "src/app/serve.ts"]);
  assert.ok(existsSync(join(root, command.at(-1) ?? "")));
  const major = Number(read(".node-version").split(".")[0]);
  assert.match(text, new RegExp(`^ARG NODE_IMAGE=node:${major}-`, "m"));
  assert.doesNotMatch(text, /OPERATOR_KEY=|TOKEN_KEYS=|TICKET_KEYS=|PASSWORD/);
});

/** A copy of the files that the stage of the Dockerfile copies, as .dockerignore lets them through. */
const contextOf = (stage: string): string => {
  const [, steps = ""] = new RegExp(`AS ${stage}\\n([^]*?)\\nFROM `).exec(read("Dockerfile")) ?? [];
  const ignored = read(".dockerignore").split("\n");
  const copies = [...steps.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)];
  const folder = mkdtempSync(join(tmpdir(), "frontrow-image-"));
  for (const [, sources = "", target = ""] of copies)
    for (const source of sources.split(" ")) {
      const isFolder = statSync(join(root, source)).isDirectory();
      const to = join(folder, target, isFolder ? "" : basename(source));
      const filter = (path: string): boolean => !ignored.includes(relative(root, path));
      cpSync(join(root, source), to, { recursive: true, filter });
    }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
};

const buildPages = (folder: string): string => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build-web.ts"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 300_000,
  });
  return status === 0 ? "built" : stderr;
};

test("the pages are built from exactly the files that the Dockerfile copies", () => {
  const folder = contextOf("pages");
  try {
    assert.equal(buildPages(folder), "built");
    assert.ok(existsSync(join(folder, "web/dist/index.html")));
    // The control: without the file that web/tsconfig.json extends there is no build.
    rmSync(join(folder, "tsconfig.json"));
    assert.match(buildPages(folder), /tsconfig\.json/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the server imports nothing that the image leaves out", () => {
  const { dependencies } = JSON.parse(read("package.json")) as { dependencies: object };
  const files = globSync("src/**/*.ts", {
    cwd: root,
    exclude: ["**/*.test.ts", "**/*.contract.ts"],
  });
  const strange = files.flatMap((file) =>
    [...read(file).matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"|\bimport\("([^"]+)"/gm)]
      .map(([, fixed, dynamic]) => fixed ?? dynamic ?? "")
      .filter((name) => !/^(?:node:|#)/.test(name))
      .filter((name) =>
        name.startsWith(".")
          ? (!/^\.\.\/\.\.\/package\.json$/.test(name) &&
              !join(dirname(file), name).startsWith("src/")) ||
            /\.(?:test|contract)\.ts$/.test(name)
          : !Object.hasOwn(dependencies, name.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? ""),
      )
      .map((name) => `${file}: ${name}`),
  );
  assert.ok(files.length > 50);
  assert.deepEqual(strange, []);
});

const manifests = (file: string): unknown[] =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((it) => it.toJS() as unknown);

test("the Kubernetes deployment sets known variables, probes what is served and drains in time", () => {
  const [deployment] = manifests("deployment.yaml");
  const pod = fields(deployment, "spec", "template", "spec");
  const container = fields(pod, "containers", 0);
  const environment = Object.fromEntries(
    (container["env"] as { name: string; value: string }[]).map((it) => [it.name, it.value]),
  );
  for (const name of Object.keys(environment)) assert.ok(knownVariables.has(name), name);
  const config = parseConfig({
    ...environment,
    DATABASE_URL: "postgres://a:b@c:5432/d",
    REDIS_URL: "redis://:other@c",
    OPERATOR_KEY: secrets["OPERATOR_KEY"],
    TOKEN_KEYS: secrets["TOKEN_KEYS"],
    TICKET_KEYS: secrets["TICKET_KEYS"],
  });
  assert.equal(at(container, "ports", 0, "containerPort"), config.port);
  assert.equal(at(container, "ports", 1, "containerPort"), config.opsPort);
  const annotations = fields(deployment, "spec", "template", "metadata", "annotations");
  assert.equal(annotations["prometheus.io/port"], String(config.opsPort));
  assert.equal(at(container, "readinessProbe", "httpGet", "path"), "/readyz");
  assert.equal(at(container, "startupProbe", "httpGet", "path"), "/readyz");
  assert.equal(at(container, "livenessProbe", "httpGet", "path"), "/healthz");
  const probe = fields(container, "readinessProbe");
  const noticedSeconds = Number(probe["periodSeconds"]) * (Number(probe["failureThreshold"]) + 1);
  assert.ok(config.drainDelaySeconds >= noticedSeconds);
  const drainSeconds = config.drainDelaySeconds + config.drainSeconds;
  assert.ok(Number(pod["terminationGracePeriodSeconds"]) > drainSeconds);
  assert.equal(at(pod, "securityContext", "runAsNonRoot"), true);
  assert.ok(!("replicas" in fields(deployment, "spec")), "the calendar sets the number");
});

test("the scheduled scale-out scales the deployment that there is, and may do nothing else", () => {
  const [deployment] = manifests("deployment.yaml");
  const name = String(at(deployment, "metadata", "name"));
  const parts = manifests("scale-out.yaml");
  const jobs = parts.filter((it) => at(it, "kind") === "CronJob");
  assert.equal(jobs.length, 2);
  for (const job of jobs) {
    const pod = at(job, "spec", "jobTemplate", "spec", "template", "spec");
    assert.equal(at(pod, "containers", 0, "args", 1), `deployment/${name}`);
    assert.equal(
      at(job, "spec", "suspend"),
      true,
      "nothing is scaled until the operator says when",
    );
  }
  const role = parts.find((it) => at(it, "kind") === "Role");
  assert.deepEqual(at(role, "rules", 0, "resourceNames"), [name]);
  const listed = at(parse(read("deploy/kubernetes/kustomization.yaml")), "resources") as string[];
  for (const file of listed) assert.ok(existsSync(join(root, "deploy/kubernetes", file)), file);
});

test("in Kubernetes and in Prometheus, operators' paths are reached by their own port", () => {
  const [forFans, forOperators] = manifests("service.yaml");
  assert.equal(at(forFans, "spec", "ports", 0, "targetPort"), "http");
  assert.equal(at(forOperators, "spec", "ports", 0, "targetPort"), "ops");
  const { opsPort } = parseConfig(instanceEnvironment(secrets));
  const prometheus = parse(read("deploy/prometheus/prometheus.yml")) as unknown;
  assert.deepEqual(
    at(prometheus, "scrape_configs", 0, "static_configs", 0, "targets"),
    instances.map((name) => `${name}:${opsPort}`),
  );
});
