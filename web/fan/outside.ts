// The parts for a fan without a place, and for joining and leaving: one file, loaded on demand.
export { ConcertFacts } from "./concerts/concert-facts.tsx";
export { ConcertList } from "./concerts/concert-list.tsx";
export { NotFound } from "./concerts/not-found.tsx";
export { Guide } from "./join/guide.tsx";
export { Leave } from "./join/leave.tsx";
export { Prospects } from "./join/prospects.tsx";
export { NotInQueue } from "./join/not-in-queue.tsx";
