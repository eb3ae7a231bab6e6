import type { ComponentChildren } from "preact";
import { focusHeading } from "../route.ts";

/** The heading of a step; it takes the focus when the step begins. */
export const Heading = ({ children }: { children: ComponentChildren }) => (
  <h2 tabIndex={-1} ref={focusHeading}>
    {children}
  </h2>
);
