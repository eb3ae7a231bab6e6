export const Bought = (_: Record<string, unknown>) => <p>Bought</p>;
