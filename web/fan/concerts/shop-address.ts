const parameter = "concertId";

/** The address of the shop with the products of one concert. A link to it loads the page: those inside know no parameters. */
export const shopOfConcert = (concertId: string): string =>
  `/shop?${new URLSearchParams({ [parameter]: concertId })}`;

/** The concert whose products the address names; null: all. */
export const concertOfAddress = (): string | null =>
  new URLSearchParams(location.search).get(parameter);
