import { join } from "node:path";
import { readDocument } from "./sdk/document.ts";
import { writeSdk } from "./sdk/write.ts";

// Makes sdk/generated anew from the routes as they are declared. Run it after a route has changed.

const root = join(import.meta.dirname, "..");
const names = writeSdk(root, await readDocument(), join(root, "sdk/generated"));
console.log(`sdk/generated: ${names.join(", ")}`);
