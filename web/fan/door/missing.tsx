import { Title } from "../parts.tsx";
import { ToList } from "./join.tsx";
import { doorWords } from "./words.ts";

/** An address that leads to no concert. */
export const Missing = () => (
  <div class="stack">
    <Title>{doorWords().missing}</Title>
    <ToList />
  </div>
);
