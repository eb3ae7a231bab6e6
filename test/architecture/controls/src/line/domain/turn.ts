export type Turn = number;
