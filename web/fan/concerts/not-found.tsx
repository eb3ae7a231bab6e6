import { PageHeading } from "../components.tsx";
import { ToList } from "../join/join.tsx";
import { joinTexts } from "../join/texts.ts";

/** The address names no concert. */
export const NotFound = () => (
  <div class="stack">
    <PageHeading>{joinTexts().notFound}</PageHeading>
    <ToList />
  </div>
);
