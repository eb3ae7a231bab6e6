import { useState } from "preact/hooks";
import type { Failure } from "../../sdk/client.ts";
import { readPlaceHistory } from "../../sdk/generated/operator.ts";
import type { PlaceHistory } from "../../sdk/generated/schemas.ts";
import { Field, Panel } from "./components.tsx";
import { momentIn } from "./moments.ts";
import { eventText, placeText } from "./place-history-texts.ts";
import { callOperator, refusalText } from "./session.ts";
import { texts } from "./texts.ts";

/** Finds the history of a user's places, which explains a position. */
export const PlaceHistoryPanel = (props: { concertId: string; timeZone: string }) => {
  const t = texts();
  const { concertId, timeZone } = props;
  const moment = momentIn(timeZone);
  const [userId, setUserId] = useState("");
  const [history, setHistory] = useState<PlaceHistory | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const result = await callOperator(readPlaceHistory, { concertId, userId: userId.trim() });
    setHistory(result.ok ? result.value : null);
    setFailure(result.ok ? null : result);
  };
  return (
    <Panel title={t.place}>
      <form class="row end" noValidate onSubmit={(event) => void submit(event)}>
        <Field label={t.userId} value={userId} onInput={setUserId} required />
        <button class="button quiet">{t.lookUp}</button>
      </form>
      <div role="status" class="stack">
        {failure !== null && (
          <p class="note bad">
            {failure.code === "INVALID_REQUEST" ? t.badId : refusalText(failure)}
          </p>
        )}
        {history?.places.length === 0 && <p class="note">{t.noPlace}</p>}
        {history?.places.map((place) => (
          <div key={`${place.epoch}.${place.seq}`} class="stack tight">
            <b>{placeText(place, moment)}</b>
            <ol class="events small">
              {place.events.map((event, n) => (
                <li key={n}>
                  <span class="num soft">{event.at === null ? "–" : moment(event.at)}</span>{" "}
                  {eventText(event, moment)}
                </li>
              ))}
            </ol>
          </div>
        ))}
      </div>
    </Panel>
  );
};
