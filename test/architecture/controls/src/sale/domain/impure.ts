// lints: eslint(no-restricted-globals), eslint(no-restricted-properties)
// types: TS2304, TS2584, TS2591
export const impure = (): unknown[] => [
  process,
  performance,
  crypto,
  setTimeout,
  setInterval,
  setImmediate,
  fetch,
  console,
  Date.now(),
  Math.random(),
];
