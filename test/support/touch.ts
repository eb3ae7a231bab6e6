import type { Page } from "playwright-core";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The moves of a gesture: enough for the browser to tell a drag from a tap. */
const moves = 12;

const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});

/** Fingers on a page, as the browser gets them from a touch screen. */
export const fingersOn = async (page: Page) => {
  const wire = await page.context().newCDPSession(page);
  const touch = (
    type: "touchStart" | "touchMove" | "touchEnd",
    points: readonly Point[],
  ): Promise<unknown> =>
    wire.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
    });
  /** Puts fingers down, moves each along its path, and lifts them. */
  const move = async (paths: readonly (readonly [from: Point, to: Point])[]): Promise<void> => {
    await touch(
      "touchStart",
      paths.map(([from]) => from),
    );
    for (let n = 1; n <= moves; n += 1)
      await touch(
        "touchMove",
        paths.map(([from, to]) => between(from, to, n / moves)),
      );
    await touch("touchEnd", []);
  };
  return {
    move,
    tap: async (at: Point): Promise<void> => {
      await touch("touchStart", [at]);
      await touch("touchEnd", []);
    },
  };
};
