import { join } from "node:path";
import { readDocument } from "./sdk/document.ts";
import { writeSdk } from "./sdk/write.ts";

// Generates sdk/generated from the declared routes. Run it after every change of a route.

const root = join(import.meta.dirname, "..");
const names = writeSdk(root, await readDocument(), join(root, "sdk/generated"));
console.log(`sdk/generated: ${names.join(", ")}`);
