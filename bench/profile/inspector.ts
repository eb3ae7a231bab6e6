/** A function with a place, and the share of the sampled time that it worked itself. */
export interface Spent {
  readonly name: string;
  readonly share: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { functionName: string; url: string; lineNumber: number };
  readonly children?: readonly number[];
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where a function lives: the package, or the project's folder of the second level. */
export const regionOf = (url: string): string => {
  const inModules = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inModules !== undefined) return inModules;
  if (url.startsWith("node:")) return url.split("/").slice(0, 2).join("/");
  const inProject = /\/(src\/[^/]+(?:\/[^/]+)?)\//.exec(url)?.[1];
  return inProject ?? (url === "" ? "engine" : url);
};

const frameName = ({ functionName, url, lineNumber }: ProfileNode["callFrame"]): string => {
  const file = /(?:node_modules\/|\/src\/)(.*)$/.exec(url)?.[1] ?? url;
  return `${functionName || "(anonymous)"} ${file}${url === "" ? "" : `:${lineNumber + 1}`}`;
};

const idle = new Set(["(idle)", "(program)", "(root)"]);

/** Adds up the sampled time by a name for each frame; largest first. The idle time is left out. */
const sumBy = (
  profile: CpuProfile,
  nameOf: (frame: ProfileNode["callFrame"]) => string,
): Spent[] => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const sums = new Map<string, number>();
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = byId.get(id);
    const spentUs = profile.timeDeltas[index] ?? 0;
    if (frame === undefined || frame.functionName === "(idle)") continue;
    const name = idle.has(frame.functionName) ? frame.functionName : nameOf(frame);
    sums.set(name, (sums.get(name) ?? 0) + spentUs);
    total += spentUs;
  }
  return [...sums]
    .map(([name, spentUs]) => ({ name, share: spentUs / total }))
    .sort((a, b) => b.share - a.share);
};

export const spentByFunction = (profile: CpuProfile): Spent[] => sumBy(profile, frameName);

export const spentByRegion = (profile: CpuProfile): Spent[] =>
  sumBy(profile, ({ url, functionName }) =>
    functionName === "(garbage collector)" ? functionName : regionOf(url),
  );

/** Shares of the time that functions of the project's own and packages worked, with all that they called. */
export const spentWithin = (profile: CpuProfile): Spent[] => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const parentOf = new Map(
    profile.nodes.flatMap((node) =>
      (node.children ?? []).map((child) => [child, node.id] as const),
    ),
  );
  const sums = new Map<string, number>();
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const spentUs = profile.timeDeltas[index] ?? 0;
    if (byId.get(id)?.callFrame.functionName === "(idle)") continue;
    total += spentUs;
    const names = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parentOf.get(at)) {
      const frame = byId.get(at)?.callFrame;
      if (frame !== undefined && /\/src\/|node_modules/.test(frame.url))
        names.add(frameName(frame));
    }
    for (const name of names) sums.set(name, (sums.get(name) ?? 0) + spentUs);
  }
  return [...sums]
    .map(([name, spentUs]) => ({ name, share: spentUs / total }))
    .sort((a, b) => b.share - a.share);
};

/** The inspector's address, as node prints it when started with `--inspect`. */
export const inspectorUrl = (output: string): string => {
  const url = /Debugger listening on (ws:\S+)/.exec(output)?.[1];
  if (url === undefined) throw new Error("the server was not started with --inspect");
  return url;
};

/** Asks the inspector of another node process, by the methods of its protocol. */
export interface Inspector {
  ask(method: string, params?: object): Promise<unknown>;
  close(): void;
}

export const openInspector = async (url: string): Promise<Inspector> => {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", (event) => {
    const { id, result } = JSON.parse(String(event.data)) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)));
  });
  let last = 0;
  return {
    ask: (method, params = {}) => {
      const id = ++last;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
      return promise;
    },
    close: () => socket.close(),
  };
};

/** Takes a CPU profile of another node process while the work goes on. */
export const profileDuring = async (
  url: string,
  work: () => Promise<void>,
): Promise<CpuProfile> => {
  const { ask, close } = await openInspector(url);
  await ask("Profiler.enable");
  await ask("Profiler.setSamplingInterval", { interval: 500 });
  await ask("Profiler.start");
  await work();
  const { profile } = (await ask("Profiler.stop")) as { profile: CpuProfile };
  close();
  return profile;
};
