export const Shop = (_: Record<string, unknown>) => <p>Shop</p>;
