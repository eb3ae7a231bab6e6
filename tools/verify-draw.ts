import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkDraw, type Check, type Knowledge } from "./verify-draw/draw.ts";
import { DrawUnavailable, readPublishedDraw } from "./verify-draw/published.ts";

// Recomputes a draw from the data that its server has published. Needs no secret and no key.
//
//   npm run verify-draw -- URL CONCERT [--user ID] [--commitment HEX] [--users FILE]
//
//   --user ID         also finds the place of this user (every queue status contains your id)
//   --commitment HEX  also compares the commitment with the one that you noted before the draw
//   --users FILE      also checks every entrant: the ids of all entrants, one a line
//
// Exit code: 0 no check fails, 1 a check fails, 2 there is no draw to check.

const usage = "npm run verify-draw -- URL CONCERT [--user ID] [--commitment HEX] [--users FILE]";

const marks: Readonly<Record<Check["result"], string>> = {
  holds: "ok    ",
  fails: "FAILS ",
  open: "open  ",
};

const linesOf = (file: string): string[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const main = async (words: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      user: { type: "string" },
      commitment: { type: "string" },
      users: { type: "string" },
    },
  });
  const [url, concertId] = positionals;
  if (url === undefined || concertId === undefined || positionals.length > 2)
    throw new DrawUnavailable(usage);
  const knowledge: Knowledge = {
    ...(values.user === undefined ? {} : { userId: values.user }),
    ...(values.commitment === undefined ? {} : { commitment: values.commitment }),
    ...(values.users === undefined ? {} : { userIds: linesOf(values.users) }),
  };
  const draw = await readPublishedDraw(url, concertId);
  console.log(`Draw of ${draw.drawnAt}, ${draw.entrants} entrants, commitment ${draw.commitment}`);
  const checks = checkDraw(draw, knowledge);
  for (const { result, message } of checks) console.log(marks[result] + message);
  const failed = checks.filter(({ result }) => result === "fails").length;
  console.log(failed === 0 ? "No check fails." : `${failed} of ${checks.length} checks fail.`);
  return failed === 0 ? 0 : 1;
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof DrawUnavailable || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
