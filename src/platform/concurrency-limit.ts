/** Runs tasks in order of arrival, at most `tasksMax` at a time. A task handles its own errors. */
export const limitConcurrency = (
  tasksMax: number,
): ((task: () => Promise<void>) => Promise<void>) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= tasksMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};
