export const CheckDraw = (_: Record<string, unknown>) => <p>CheckDraw</p>;
