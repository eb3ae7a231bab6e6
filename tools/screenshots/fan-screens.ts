import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import type { ScreenshotSettings } from "./settings.ts";

// The pages of a fan from the queue to the tickets, on a phone, in both languages. The queue holds users of
// the API, and moves because some of them leave.

type Members = Record<string, unknown>;

interface WaitingUser {
  readonly accessToken: string;
  readonly queueToken: string;
}

const phone = { width: 360, height: 740 };
const languages = { en: "", ko: ".ko" } as const;
const activeCount = 12;
const waitingCount = 120;
const leavingCount = 60;

const apiClient =
  ({ url, operatorKey }: ScreenshotSettings) =>
  async (method: string, path: string, token: string, body?: Members): Promise<Members> => {
    const isAdmin = path.startsWith("/admin");
    const answer = await fetch(url + (isAdmin ? path : `/api/v1${path}`), {
      method,
      headers: {
        ...(isAdmin && { authorization: `Bearer ${operatorKey}` }),
        ...(token !== "" && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        "idempotency-key": crypto.randomUUID(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Members);
  };

/** Creates a concert, with ACTIVE users and waiting users. */
const openSale = async (settings: ScreenshotSettings) => {
  const ask = apiClient(settings);
  const dates = [30, 31, 32].map((days) => ({
    date: new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
  }));
  const made = await ask("POST", "/admin/v1/concerts", "", {
    title: "Frontrow Live: First Night",
    venue: "Blue Square, Seoul",
    timeZone: "Asia/Seoul",
    dates,
    grades: [
      { name: "VIP", price: 154_000, seats: [1, 10] },
      { name: "R", price: 132_000, seats: [11, 30] },
      { name: "S", price: 99_000, seats: [31, 50] },
    ],
    policy: { maxActive: activeCount, claimSeconds: 300 },
  });
  const concertId = String(made["concertId"]);
  const queue = `/concerts/${concertId}/queue/tokens`;
  const joins = async (): Promise<WaitingUser> => {
    const { accessToken } = await ask("POST", "/users", "", {});
    const place = await ask("POST", queue, String(accessToken));
    return { accessToken: String(accessToken), queueToken: String(place["token"]) };
  };
  /** Waits until the place is ACTIVE, and returns the token that says so. */
  const waitUntilActive = async (waitingUser: WaitingUser): Promise<string> => {
    for (let tries = 0; tries < 50; tries += 1) {
      const place = await ask("GET", `${queue}/me`, waitingUser.queueToken);
      if (place["status"] === "ACTIVE") return String(place["token"]);
      await sleep(200);
    }
    throw new Error("the queue does not move");
  };
  const waitingUsers: WaitingUser[] = [];
  for (let count = 0; count < activeCount + waitingCount; count += 1)
    waitingUsers.push(await joins());
  return { ask, concertId, queue, date: dates[0]?.date ?? "", waitingUsers, waitUntilActive };
};

type Sale = Awaited<ReturnType<typeof openSale>>;

/** ACTIVE users hold some seats, and one of them pays. */
const takeSeats = async ({ ask, date, waitingUsers, waitUntilActive }: Sale): Promise<void> => {
  const wishes = [
    [14, 15],
    [3, 4, 25],
    [36, 37],
  ];
  for (const [n, seatNumbers] of wishes.entries()) {
    const waitingUser = waitingUsers[n];
    if (waitingUser === undefined) return;
    const token = await waitUntilActive(waitingUser);
    const held = await ask("POST", "/reservations", token, { date, seatNumbers });
    if (n > 0) continue;
    const { reservationId, userId } = held;
    const charges = `/users/${String(userId)}/balance/charges`;
    await ask("POST", charges, waitingUser.accessToken, { amount: 1_000_000 });
    await ask("POST", "/payments", token, { reservationId });
  }
};

/** Takes a screenshot in each language; the page stays in English. */
const screenshotsInto = (folder: string, page: Page) => async (name: string) => {
  for (const [language, suffix] of Object.entries(languages)) {
    if (language === "ko") await page.getByRole("button", { name: "한국어" }).click();
    await page.locator(`html[lang=${language}]`).waitFor();
    await page.evaluate("scrollTo(0, 0)");
    const path = join(folder, `fan-${name}${suffix}.png`);
    await page.screenshot({ path });
    console.log(path);
  }
  await page.getByRole("button", { name: "English" }).click();
};

const walk = async (page: Page, sale: Sale, takeScreenshot: (name: string) => Promise<void>) => {
  const { ask, concertId, queue, waitingUsers } = sale;
  await page.goto(`/concerts/${concertId}`);
  await page.getByLabel("Your name").fill("김하늘");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("progressbar").waitFor();
  for (const { queueToken } of waitingUsers.slice(activeCount, activeCount + leavingCount)) {
    await ask("DELETE", `${queue}/me`, queueToken);
  }
  await page.getByText(/^[56]\d people ahead/).waitFor();
  // No user is admitted meanwhile, so the estimated wait grows.
  await page.getByText(/^About \d+ minutes/).waitFor({ timeout: 60_000 });
  await takeScreenshot("waiting");

  const policy = `/admin/v1/concerts/${concertId}/policy`;
  await ask("PATCH", policy, "", { maxActive: 1_000, admissionsPerMinute: 100_000 });
  await page.getByRole("button", { name: "Choose seats" }).click({ timeout: 60_000 });
  for (const seatNumber of [17, 18]) {
    await page.getByRole("checkbox", { name: new RegExp(`^Seat ${seatNumber},`) }).click();
  }
  await takeScreenshot("seats");
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByRole("button", { name: /^Exactly/ }).waitFor();
  await takeScreenshot("checkout");
  await page.getByRole("button", { name: /^Exactly/ }).click();
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("img", { name: /^Code/ }).first().waitFor();
  await takeScreenshot("tickets");
};

/** Takes the queue, the seats, the checkout and the tickets, as `fan-….png` and `fan-….ko.png`. */
export const takeFanScreens = async (settings: ScreenshotSettings): Promise<void> => {
  const sale = await openSale(settings);
  await takeSeats(sale);
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({
      baseURL: settings.url,
      viewport: phone,
      deviceScaleFactor: 2,
      colorScheme: "light",
      locale: "en-GB",
    });
    const page = await context.newPage();
    await walk(page, sale, screenshotsInto(settings.folder, page));
  } finally {
    await browser.close();
  }
};
