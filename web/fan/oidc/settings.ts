/** How these pages sign in at the operator's identity provider. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Whether a fan can sign up here too, without the provider. */
  readonly signUp: boolean;
}

/** The settings that the server has written into the page; null: the pages have no identity provider. */
export const oidcSettings = (): OidcSettings | null => {
  const { oidc } = document.documentElement.dataset;
  return oidc === undefined ? null : (JSON.parse(oidc) as OidcSettings);
};
