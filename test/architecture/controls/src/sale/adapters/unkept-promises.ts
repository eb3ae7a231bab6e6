// lints: typescript(no-floating-promises), typescript(no-misused-promises)
const save = async (): Promise<void> => {
  await Promise.resolve();
};
export const go = (): void => {
  save();
  [1, 2].forEach(async (n) => {
    await Promise.resolve(n);
  });
};
