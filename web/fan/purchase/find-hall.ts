import { getSeatingPlan } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { createHall } from "./hall.ts";
import type { SeatStore } from "./seat-state.ts";

const loadView = () => import("../hall/choose-in-hall.tsx");

/** Reads the seating plan. A hall with sections also needs the file that shows it. */
export const findHall = async (store: SeatStore): Promise<void> => {
  if (store.hall.peek() !== null) return;
  const { concertId } = store.place;
  const { signal } = store.turn;
  const onWait = (): void => {
    store.isUnavailable.value = true;
  };
  const options = { signal, retry: { triesMax: Infinity }, onWait };
  const result = await api.call(getSeatingPlan, { concertId }, options);
  if (!result.ok) return;
  const hall = createHall(result.value);
  if (hall.hasSections) store.sectionsView.value = (await loadView()).ChooseInHall;
  store.hall.value = hall;
};
