// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
import type { Operation } from "../operation.ts";
import type { UserWithToken } from "./schemas.ts";

/** Make a user and his access token */
export const createUser: Operation<
  {
    readonly body?: {
      /** For people to read; identifies nobody */
      readonly name?: string;
    };
  },
  UserWithToken,
  | "INTERNAL"
  | "INVALID_REQUEST"
  | "PAYLOAD_TOO_LARGE"
  | "RATE_LIMITED"
  | "UNAVAILABLE"
  | "UNSUPPORTED_MEDIA_TYPE"
> = { method: "POST", path: "/api/v1/users" };
