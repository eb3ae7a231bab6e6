import type { ComponentChildren } from "preact";
import { takeFocus } from "../route.ts";

/** The heading of a step; it gets the focus when the step is come to. */
export const Heading = ({ children }: { children: ComponentChildren }) => (
  <h2 tabIndex={-1} ref={takeFocus}>
    {children}
  </h2>
);
