export const now = (): number => Date.now() + performance.now();
