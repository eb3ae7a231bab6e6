/** One thing that was looked at. */
export interface Finding {
  readonly level: "ok" | "warning" | "fault";
  /** The fact, in one line; never a secret. */
  readonly what: string;
  /** The repair; absent when all is well. */
  readonly mend?: string;
}

export const ok = (what: string): Finding => ({ level: "ok", what });
export const warning = (what: string, mend: string): Finding => ({ level: "warning", what, mend });
export const fault = (what: string, mend: string): Finding => ({ level: "fault", what, mend });

const marks = { ok: "✔", warning: "!", fault: "✖" } as const;

/** The finding for a terminal. */
export const linesOf = ({ level, what, mend }: Finding): string =>
  mend === undefined ? `${marks[level]} ${what}` : `${marks[level]} ${what}\n    ${mend}`;
