import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, type InlineConfig } from "vite";
import { buildTargets } from "./browsers.ts";
import { builtFolder, sourceHash, stampName } from "./freshness.ts";
import { doorWorker, doorWorkerInput, doorWorkerOutput } from "./door-worker.ts";
import { loadParts } from "./load-parts.ts";

/** The pages in web/. Each one is built by itself, so that no page carries the code of another page. */
const documents = ["index.html", "console.html", "door.html"];
const compressible = /\.(?:html|js|css|svg|json|ttf)$/;
// A smaller file fits into one packet, compressed or not.
const compressedBytesMin = 200;
/** A larger file is compressed at a lower quality: for 2 MB the best one takes seconds to save a tenth. */
const bestBytesMax = 1_000_000;
const quickQuality = 9;
/** Of a smaller file several encodings are made, and the smallest is kept: the first load counts every byte. */
const tunedBytesMax = 100_000;
const windowBits = [15, 16, 18];
const distancePostfixBits = [0, 1, 2, 3];
// Few files, split by the moment when a fan needs them: at the start of the sale, while waiting, to join and
// leave, to choose seats in a hall with sections, and after the admission.
const fanParts = [
  {
    name: "fan",
    test: /preact\/(?:dist|jsx)|preload-helper|web\/shared\/(?!format|key|zone|hall)|sdk\/(?:client|wait|watch-place|generated\/(?:index|queue|concerts))|web\/fan\/(?:(?!inside|outside|while|part-of)[a-z-]+\.tsx?$|texts\/index|queue\/(?!alarm))/,
  },
  {
    name: "while-waiting",
    test: /sdk\/(?:listen|events)|web\/fan\/(?:while-waiting|queue\/alarm)/,
  },
  {
    name: "outside",
    test: /web\/shared\/format|web\/fan\/(?:outside|part-of|(?:join|concerts|session|lists)\/|oidc\/(?:settings|lazy))|sdk\/generated\/(?:users|goods)|preact\/hooks/,
  },
  {
    name: "inside",
    test: /web\/shared\/key|web\/fan\/(?:inside|(?:purchase|wallet|account)\/)|sdk\/generated|qrcode/,
  },
  { name: "hall", test: /web\/(?:fan|shared)\/hall\// },
];

const fanSplitting = { codeSplitting: { groups: fanParts } };
// 36 bits of the hash tell releases apart; every further character makes the first load larger.
const names = {
  entryFileNames: "assets/[name]-[hash:6].js",
  chunkFileNames: "assets/[name]-[hash:6].js",
  assetFileNames: "assets/[name]-[hash:6][extname]",
};

const configOf = (root: string, outDir: string, document: string): InlineConfig => ({
  root: join(root, "web"),
  configFile: false,
  logLevel: "warn",
  plugins: [loadParts(), ...(document === "door.html" ? [doorWorker()] : [])],
  worker: { rolldownOptions: { output: names } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir,
    // The library that makes a PDF comes on demand, as one file.
    chunkSizeWarningLimit: 600,
    emptyOutDir: false,
    target: buildTargets,
    // Every supported browser has module preloading, and the content policy forbids inline scripts.
    modulePreload: {
      polyfill: false,
      // By default the first load would hold the names of all files of the other parts.
      resolveDependencies: (_file, names) => names.filter((name) => name.endsWith(".css")),
    },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [
        join(root, "web", document),
        ...(document === "door.html" ? [join(root, "web", doorWorkerInput)] : []),
      ],
      output: {
        ...names,
        ...(document === "index.html" && fanSplitting),
        ...(document === "door.html" && doorWorkerOutput),
      },
    },
  },
});

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const brotli = (content: Buffer): Buffer => {
  const { length } = content;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]:
      length > bestBytesMax ? quickQuality : constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: length,
  };
  const encodings = [brotliCompressSync(content, { params })];
  if (length <= tunedBytesMax)
    for (const window of windowBits)
      for (const postfix of distancePostfixBits) {
        const tuned = {
          ...params,
          [constants.BROTLI_PARAM_LGWIN]: window,
          [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
        };
        encodings.push(brotliCompressSync(content, { params: tuned }));
      }
  return encodings.reduce((best, one) => (one.length < best.length ? one : best));
};

/** Writes `.br` and `.gz` beside each compressible file, so that the server need not compress. */
const compress = (folder: string): void => {
  for (const file of filesIn(folder)) {
    const content = readFileSync(file);
    if (!compressible.test(file) || content.length < compressedBytesMin) continue;
    writeFileSync(`${file}.br`, brotli(content));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  }
};

/** Builds the pages in a draft folder and renames it to web/dist, which is therefore always complete. */
export const bundleWeb = async (root: string): Promise<void> => {
  const hash = sourceHash(root);
  const draft = mkdtempSync(join(root, "web", ".dist-"));
  const target = join(root, builtFolder);
  const previous = `${draft}-old`;
  try {
    for (const document of documents) {
      if (existsSync(join(root, "web", document))) await build(configOf(root, draft, document));
    }
    compress(draft);
    writeFileSync(join(draft, stampName), hash);
    if (existsSync(target)) renameSync(target, previous);
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(previous, { recursive: true, force: true });
  }
};
