const name = "frontrow_console";

/** The path of the pages that the cookie opens; the browser sends it nowhere else. */
const path = "/docs";

/** Returns the header value that stores the session of the console in the browser, or removes it at 0 s. */
export const consoleCookie = (token: string, seconds: number, isSecure: boolean): string =>
  [
    `${name}=${token}`,
    `Path=${path}`,
    `Max-Age=${seconds}`,
    "HttpOnly",
    "SameSite=Strict",
    ...(isSecure ? ["Secure"] : []),
  ].join("; ");

/** Returns the console's session in a Cookie header, or null. */
export const readConsoleCookie = (header: string | undefined): string | null => {
  for (const pair of header?.split(";") ?? []) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && value !== "") return value;
  }
  return null;
};
