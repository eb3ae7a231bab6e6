export const Me = (_: Record<string, unknown>) => <p>Me</p>;
