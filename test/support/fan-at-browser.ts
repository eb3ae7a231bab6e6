import type { Page } from "playwright-core";

// Actions of a fan on the pages, in English.

/** Opens a concert and signs up, which joins its queue. */
export const signUpAt = async (page: Page, concertId: string, name = "Kim"): Promise<void> => {
  await page.goto(`/concerts/${concertId}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Sign up" }).click();
};

/** Enters once the turn has come, and waits for the seats. */
export const enter = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Choose seats" }).click();
  await page.getByRole("checkbox", { name: /^Seat 1,/ }).waitFor();
};

export const seatOf = (page: Page, seatNumber: number) =>
  page.getByRole("checkbox", { name: new RegExp(`^Seat ${seatNumber},`) });

/** Reserves these seats and waits for the checkout. */
export const holdSeats = async (page: Page, ...seatNumbers: number[]): Promise<void> => {
  for (const seatNumber of seatNumbers) await seatOf(page, seatNumber).click();
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByRole("heading", { name: "Pay" }).waitFor();
};

/** Charges what is missing and waits for the button that pays. */
export const chargeMissing = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: /^Exactly/ }).click();
  await page.getByRole("button", { name: /^Pay / }).waitFor();
};

interface StoredUser {
  readonly userId: string;
  readonly accessToken: string;
  readonly renewAtMs: number;
}

/** The user who is signed in, as the browser stores it. */
export const userOf = async (page: Page): Promise<StoredUser> => {
  const kept = await page.evaluate("localStorage.getItem('frontrow.session')");
  return JSON.parse(String(kept)) as StoredUser;
};
