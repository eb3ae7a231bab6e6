// breaks: scripts-need-no-tool
export { simulate } from "../tools/simulate.ts";
