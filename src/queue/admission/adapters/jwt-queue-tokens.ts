import { toId, type UserId } from "#kernel/ids.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { TokenSigner } from "#platform/token-signer.ts";
import { decodeClaims, type TokenClaims } from "../domain/token-claims.ts";
import type { QueueTokens } from "../ports/queue-tokens.ts";

const purpose = "queue";

/** Kept on the claims themselves: a weak map would cost the garbage collector work for every poll. */
const shownToken = Symbol("shown token");
const shownTokenEpoch = Symbol("token epoch of the shown token");
type Shown = QueueClaims & { [shownToken]?: string; [shownTokenEpoch]?: number };

/** The part of a token that names its signing key, with the dot that ends it. */
const headerOf = (token: string): string => token.slice(0, token.indexOf(".") + 1);

/**
 * Queue tokens as compact JWTs, signed by the keys of the installation. Signing costs a third of a poll, so a
 * place that still waits gets its token back unchanged.
 */
export const jwtQueueTokens = (
  ring: TokenSigner,
  tokenEpochOf: (userId: UserId) => number = () => 0,
): QueueTokens => {
  const newestHeader = headerOf(ring.sign(purpose, {}));
  // This instance may not know yet of an epoch that another one has put into the shown token.
  const signFrom = (claims: TokenClaims, shownEpoch: number): string => {
    const te = Math.max(shownEpoch, tokenEpochOf(toId<"user">(claims.sub)));
    return ring.sign(purpose, te === 0 ? claims : { ...claims, te });
  };
  return {
    sign: (claims) => signFrom(claims, 0),
    renew(shown, claims) {
      const token = (shown as Shown)[shownToken];
      const isSame =
        token !== undefined &&
        token.startsWith(newestHeader) &&
        shown.activeUntilSeconds === claims.activeUntil;
      return isSame ? token : signFrom(claims, (shown as Shown)[shownTokenEpoch] ?? 0);
    },
    read(token) {
      const content = ring.verify(purpose, token);
      const claims = content === null ? null : decodeClaims(content);
      if (content === null || claims === null) return null;
      // A user who signed out everywhere has revoked this token; joining again returns a new one.
      const tokenEpoch = Number(content["te"] ?? 0);
      if (tokenEpoch < tokenEpochOf(claims.userId)) return null;
      (claims as Shown)[shownToken] = token;
      if (tokenEpoch > 0) (claims as Shown)[shownTokenEpoch] = tokenEpoch;
      return claims;
    },
  };
};
