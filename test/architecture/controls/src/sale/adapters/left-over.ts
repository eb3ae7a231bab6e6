// lints: eslint(no-unused-vars)
const left = 1;
export const go = 2;
