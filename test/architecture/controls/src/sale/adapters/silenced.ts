// lints: typescript(ban-ts-comment)
// @ts-ignore
export const go: string = 1;
