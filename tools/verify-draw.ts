import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkDraw, type Check, type Knowledge } from "./verify-draw/draw.ts";
import { NothingToCheck, readPublishedDraw } from "./verify-draw/published.ts";

// Recomputes a draw from what its server has published. Needs no secret and no key.
//
//   npm run verify-draw -- URL CONCERT [--user ID] [--commitment HEX] [--users FILE]
//
//   --user ID         also find this user's place (your own id stands in every queue status)
//   --commitment HEX  also compare the commitment with the one that you noted before the draw
//   --users FILE      also check everybody: the ids of all entrants, one a line
//
// Exit code: 0 nothing fails, 1 something fails, 2 there is nothing to check.

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
    throw new NothingToCheck(usage);
  const knowledge: Knowledge = {
    ...(values.user === undefined ? {} : { userId: values.user }),
    ...(values.commitment === undefined ? {} : { commitment: values.commitment }),
    ...(values.users === undefined ? {} : { userIds: linesOf(values.users) }),
  };
  const draw = await readPublishedDraw(url, concertId);
  console.log(`Draw of ${draw.drawnAt}, ${draw.entrants} entrants, commitment ${draw.commitment}`);
  const checks = checkDraw(draw, knowledge);
  for (const { result, words: said } of checks) console.log(marks[result] + said);
  const failed = checks.filter(({ result }) => result === "fails").length;
  console.log(failed === 0 ? "Nothing fails." : `${failed} of ${checks.length} checks fail.`);
  return failed === 0 ? 0 : 1;
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof NothingToCheck || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
