import type { TokenRing } from "#platform/jwt.ts";
import { decodeClaims } from "../domain/token-claims.ts";
import type { QueueTokens } from "../ports/queue-tokens.ts";

const purpose = "queue";

/** Queue tokens as compact JWTs that the installation's own keys sign. */
export const jwtQueueTokens = (ring: TokenRing): QueueTokens => ({
  sign: (claims) => ring.sign(purpose, claims),
  read(token) {
    const content = ring.verify(purpose, token);
    return content === null ? null : decodeClaims(content);
  },
});
