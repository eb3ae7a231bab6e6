import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlaceName } from "./names.ts";
import { language } from "../language.ts";
import { placesText } from "./place-texts.ts";

const seat = (
  seatNumber: number,
  section: string | null,
  row: string | null,
  name: string | null,
) => ({ seatNumber, section, row, name }) satisfies PlaceName;

// places | English | Korean
const rows: [PlaceName[], string, string][] = [
  [[seat(7, null, null, null)], "Seat 7", "7번 좌석"],
  [[seat(7, null, null, null), seat(8, null, null, null)], "Seats 7, 8", "7, 8번 좌석"],
  [[seat(1, "Stalls", "A", "3")], "Stalls, row A, seat 3", "Stalls A열 3번"],
  [
    [seat(1, "Stalls", "A", "3"), seat(2, "Stalls", "A", "4"), seat(9, "Stalls", "B", "1")],
    "Stalls, row A, seats 3, 4 · Stalls, row B, seat 1",
    "Stalls A열 3, 4번 · Stalls B열 1번",
  ],
  [[seat(1, "Floor", null, null)], "Floor, standing", "Floor 스탠딩"],
  [
    [seat(1, "Floor", null, null), seat(2, "Floor", null, null)],
    "Floor, 2 standing places",
    "Floor 스탠딩 2석",
  ],
];
for (const [places, en, ko] of rows)
  test(`places are named by section and row: ${en}`, () => {
    language.value = "en";
    assert.equal(placesText(places), en);
    language.value = "ko";
    assert.equal(placesText(places), ko);
    language.value = "en";
  });
