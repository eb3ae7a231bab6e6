/** The result of one check. */
export interface Finding {
  readonly level: "ok" | "warning" | "fault";
  /** The fact, in one line; never a secret. */
  readonly fact: string;
  /** The repair; absent when all is well. */
  readonly fix?: string;
}

export const ok = (fact: string): Finding => ({ level: "ok", fact });
export const warning = (fact: string, fix: string): Finding => ({ level: "warning", fact, fix });
export const fault = (fact: string, fix: string): Finding => ({ level: "fault", fact, fix });

const marks = { ok: "✔", warning: "!", fault: "✖" } as const;

/** Returns the finding as lines for a terminal. */
export const formatFinding = ({ level, fact, fix }: Finding): string =>
  fix === undefined ? `${marks[level]} ${fact}` : `${marks[level]} ${fact}\n    ${fix}`;
