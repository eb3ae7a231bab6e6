// What serves a waiting fan and not the first rendering. One file, loaded on demand.
export { listen } from "../../sdk/listen.ts";
export { enableAlarm, ring } from "./queue/alarm.ts";
