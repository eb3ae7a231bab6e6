// The parts for a waiting fan that the first rendering does not need: one file, loaded on demand.
export { listen } from "../../sdk/listen.ts";
export { enableAlarm, ring } from "./queue/alarm.ts";
