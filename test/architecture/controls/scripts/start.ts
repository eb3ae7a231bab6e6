export { start } from "../src/app/main.ts";
