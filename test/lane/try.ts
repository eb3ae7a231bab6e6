import { compareLanes } from "./compare.ts";
const from = Number(process.argv[2] ?? 0),
  count = Number(process.argv[3] ?? 2000);
const t = performance.now();
const found = await compareLanes({ from, count });
console.log(JSON.stringify(found, null, 1).slice(0, 6000), found.length, performance.now() - t);
