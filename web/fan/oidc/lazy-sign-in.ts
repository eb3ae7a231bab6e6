import { lazy } from "../lazy.tsx";

/** Signing in at the identity provider, which is loaded only where there is one. */
export const SignIn = lazy(
  () => import("./sign-in.tsx"),
  (part) => part.SignIn,
);
