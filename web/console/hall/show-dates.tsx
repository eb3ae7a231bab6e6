import { useState } from "preact/hooks";
import { addDate, moveDate } from "../../../sdk/generated/operator.ts";
import type { ConcertOnSale } from "../../../sdk/generated/schemas.ts";
import { second } from "../../shared/clock.ts";
import { formatDate } from "../../shared/format.ts";
import { momentAt, wallClock } from "../../shared/zone.ts";
import { Field, Panel } from "../components.tsx";
import { momentIn } from "../moments.ts";
import { callOperator, type FieldError } from "../session.ts";
import { useIntentKey } from "../submitting.ts";
import { texts } from "../texts.ts";
import { CorrectionEnd } from "./correction-end.tsx";
import { saleTexts } from "./sale-texts.ts";
import { useCorrection } from "./use-correction.ts";

interface DatesProps {
  readonly concert: ConcertOnSale;
  readonly onChange: () => void;
}

/** The choice of a new date. */
const newDate = "";

const Choice = (props: {
  concert: ConcertOnSale;
  chosen: string;
  onChoose: (date: string) => void;
}) => {
  const { concert, chosen, onChoose } = props;
  const s = saleTexts();
  const isAhead = (startsAt: string): boolean => Date.parse(startsAt) > second.value * 1_000;
  return (
    <label class="field">
      <span class="small">{s.whichDate}</span>
      <select value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value={newDate}>{s.newDate}</option>
        {concert.dates
          .filter(({ startsAt }) => isAhead(startsAt))
          .map(({ date }) => (
            <option key={date} value={date}>
              {formatDate(date)}
            </option>
          ))}
      </select>
    </label>
  );
};

/** The start, in the zone of the sale. The date of a new show is that of its start. */
const Start = (props: {
  concert: ConcertOnSale;
  value: string;
  errors: readonly FieldError[];
  onInput: (value: string) => void;
}) => {
  const { concert, value, errors, onInput } = props;
  const { timeZone } = concert;
  const t = texts();
  const atMs = momentAt(value, timeZone);
  const moment = momentIn(timeZone, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Field
      label={t.startsAt}
      type="datetime-local"
      value={value}
      at="/startsAt"
      errors={errors.map((error) => ({ ...error, pointer: "/startsAt" }))}
      hint={atMs === null ? t.inZone(timeZone) : moment(new Date(atMs).toISOString())}
      onInput={onInput}
    />
  );
};

/** Adds a date to a sale and moves the start of a show. An operator who is later than another one is told. */
export const ShowDates = ({ concert, onChange }: DatesProps) => {
  const [t, s] = [texts(), saleTexts()];
  const { concertId, timeZone } = concert;
  const [chosen, setChosen] = useState(newDate);
  /** Null: not touched, so that the field follows the sale. */
  const [typed, setTyped] = useState<string | null>(null);
  const { key, renew } = useIntentKey();
  const onSaved = (): void => {
    setTyped(null);
    renew();
  };
  const correction = useCorrection(concert, { onSaved, onChange });
  const show = concert.dates.find(({ date }) => date === chosen);
  const present = show === undefined ? "" : (wallClock(Date.parse(show.startsAt), timeZone) ?? "");
  const value = typed ?? present;
  const startsAtMs = momentAt(value, timeZone);
  const canSave = startsAtMs !== null && value !== present;
  const input = (next: string): void => {
    correction.touch(typed === null);
    setTyped(next);
  };
  const choose = (date: string): void => {
    correction.touch(false);
    setTyped(null);
    setChosen(date);
  };
  const save = (startsAt: string): Promise<void> =>
    correction.send(async (version) => {
      if (show !== undefined) {
        const body = { startsAt, version };
        return callOperator(moveDate, { concertId, date: show.date, body });
      }
      const body = { date: value.slice(0, 10), startsAt, version };
      const result = await callOperator(addDate, { concertId, body }, { key });
      if (!result.ok && result.code === "IDEMPOTENCY_KEY_REUSED") renew();
      return result;
    });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (canSave) void save(new Date(startsAtMs).toISOString());
  };
  return (
    <Panel title={t.dates}>
      <form class="stack" noValidate onSubmit={submit}>
        <p class="small soft">{s.datesText}</p>
        <div class="grid">
          <Choice concert={concert} chosen={show?.date ?? newDate} onChoose={choose} />
          <Start concert={concert} value={value} errors={correction.errors} onInput={input} />
        </div>
        <CorrectionEnd
          id="dates-why"
          label={show === undefined ? t.addDate : s.moveStart}
          correction={correction}
          canSave={canSave}
          why={show === undefined ? s.typeStart : s.changeStart}
        />
      </form>
    </Panel>
  );
};
