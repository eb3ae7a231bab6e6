// lints: eslint(no-warning-comments)
// TODO: later
export const go = 1;
