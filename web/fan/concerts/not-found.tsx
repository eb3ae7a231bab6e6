import { PageHeading, setPageTitle } from "../components.tsx";
import { ToList } from "../join/join.tsx";
import { page } from "../route.ts";
import { concertTexts } from "./texts.ts";

/** The address names no concert, or no page. */
export const NotFound = () => {
  const t = concertTexts();
  const title = page.value.kind === "concert" ? t.notFound : t.noPage;
  setPageTitle(title);
  return (
    <div class="stack">
      <PageHeading>{title}</PageHeading>
      <ToList />
    </div>
  );
};
