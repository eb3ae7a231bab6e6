import { join } from "node:path";
import { bundleWeb } from "./web/bundle.ts";
import { builtFolder } from "./web/freshness.ts";

// Builds the fan's pages and the operator's console into web/dist. `npm start` and `npm test` do it by
// themselves when the sources have changed; the Docker image does it while it is made.

await bundleWeb(join(import.meta.dirname, ".."));
console.log(`Built ${builtFolder}`);
