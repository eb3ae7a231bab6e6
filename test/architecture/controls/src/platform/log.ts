export const log = (): void => undefined;
