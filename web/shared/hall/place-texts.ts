import type { PlaceName } from "./names.ts";
import { language } from "../language.ts";

const en = {
  seat: (names: readonly string[]) =>
    `${names.length === 1 ? "seat" : "seats"} ${names.join(", ")}`,
  simple: (names: readonly string[]) =>
    `${names.length === 1 ? "Seat" : "Seats"} ${names.join(", ")}`,
  row: (name: string) => `row ${name}`,
  standing: (count: string) => (count === "1" ? "standing" : `${count} standing places`),
  parts: (parts: readonly string[]) => parts.join(", "),
};

const ko: typeof en = {
  seat: (names) => `${names.join(", ")}번`,
  simple: (names) => `${names.join(", ")}번 좌석`,
  row: (name) => `${name}열`,
  standing: (count) => (count === "1" ? "스탠딩" : `스탠딩 ${count}석`),
  parts: (parts) => parts.join(" "),
};

export const placeTexts = (): typeof en => (language.value === "ko" ? ko : en);

/** The seats of one row, or the standing places of one section. */
const groupText = (places: readonly PlaceName[]): string => {
  const t = placeTexts();
  const [first] = places;
  if (first === undefined) return "";
  const { section, row } = first;
  if (section === null) return t.simple(places.map(({ seatNumber }) => String(seatNumber)));
  if (row === null) return t.parts([section, t.standing(String(places.length))]);
  const names = places.map(({ name }) => name ?? "");
  return t.parts([section, t.row(row), t.seat(names)]);
};

/** Names seats by section and row: "Stalls, row A, seats 3, 4". */
export const placesText = (places: readonly PlaceName[]): string => {
  const groups = new Map<string, PlaceName[]>();
  for (const place of places) {
    const key = JSON.stringify([place.section, place.row]);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()].map(groupText).join(" · ");
};
