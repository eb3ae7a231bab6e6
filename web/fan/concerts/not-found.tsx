import { PageHeading } from "../components.tsx";
import { ToList } from "../join/join.tsx";
import { concertTexts } from "./texts.ts";

/** The address names no concert. */
export const NotFound = () => (
  <div class="stack">
    <PageHeading>{concertTexts().notFound}</PageHeading>
    <ToList />
  </div>
);
