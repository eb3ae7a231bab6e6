import { join } from "node:path";
import { bundleWeb } from "./web/bundle.ts";
import { builtFolder } from "./web/freshness.ts";

// Builds the fan's pages and the operator's console into web/dist. `npm start` and `npm test` build them when
// the sources have changed; the Dockerfile runs this program.

await bundleWeb(join(import.meta.dirname, ".."));
console.log(`Built ${builtFolder}`);
