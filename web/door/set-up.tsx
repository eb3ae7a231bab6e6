import { useEffect, useState } from "preact/hooks";
import { listConcerts } from "../../sdk/generated/concerts.ts";
import type { Concert } from "../../sdk/generated/schemas.ts";
import { api } from "../shared/api.ts";
import { formatDate, formatMoment } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import { readList, type Call } from "./list.ts";
import type { DoorList, DoorShow } from "./records.ts";
import { doorTexts } from "./texts.ts";

/** More concerts than these are found by none of the pages. */
const pagesMax = 10;

const readConcerts = async (): Promise<readonly Concert[] | null> => {
  const concerts: Concert[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query: { cursor?: string } = cursor === null ? {} : { cursor };
    const result = await api.call(listConcerts, { limit: "100", ...query });
    if (!result.ok) return null;
    concerts.push(...result.value.items);
    cursor = result.value.nextCursor;
    if (cursor === null) break;
  }
  return concerts;
};

/** The time between now and the start of a show. */
const distanceMs = ({ startsAt }: { readonly startsAt: string }): number =>
  Math.abs(Date.parse(startsAt) - Date.now());

const nearest = <Show extends { readonly startsAt: string }>(
  shows: readonly Show[],
): Show | undefined => shows.toSorted((one, other) => distanceMs(one) - distanceMs(other))[0];

/** The concerts, that whose show is nearest in time first. */
const byNearness = (concerts: readonly Concert[]): Concert[] =>
  concerts
    .flatMap((concert) => {
      const show = nearest(concert.dates);
      return show === undefined ? [] : [{ concert, ms: distanceMs(show) }];
    })
    .toSorted((one, other) => one.ms - other.ms)
    .map(({ concert }) => concert);

interface SelectProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
}

const Select = ({ label, value, onChoose, options }: SelectProps) => (
  <label class="field">
    <span class="small">{label}</span>
    <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

interface FormProps {
  readonly concerts: readonly Concert[];
  readonly call: Call;
  readonly onOpen: (show: DoorShow, list: DoorList) => void;
}

/** The state of the form: the chosen show, and the reading of its list. */
const useForm = ({ concerts, call, onOpen }: FormProps) => {
  const [concertId, setConcertId] = useState(concerts[0]?.concertId ?? "");
  const [chosenDate, setDate] = useState<string | null>(null);
  const [gate, setGate] = useState("");
  const [read, setRead] = useState<number | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const concert = concerts.find((it) => it.concertId === concertId);
  const date = chosenDate ?? nearest(concert?.dates ?? [])?.date;
  const open = async (): Promise<void> => {
    const show = concert?.dates.find((it) => it.date === date);
    if (concert === undefined || show === undefined || read !== null) return;
    setFailed(false);
    setRead(0);
    const list = await readList(call, { concertId, date: show.date }, setRead);
    setRead(null);
    const { title, venue, timeZone } = concert;
    if (list === null) setFailed(true);
    else onOpen({ concertId, title, venue, timeZone, ...show, gate: gate.trim() || null }, list);
  };
  const chooseConcert = (id: string): void => {
    setConcertId(id);
    setDate(null);
  };
  return { concert, date, gate, read, hasFailed, chooseConcert, setDate, setGate, open };
};

const Gate = ({ value, onInput }: { value: string; onInput: (value: string) => void }) => {
  const t = doorTexts();
  return (
    <label class="field">
      <span class="small">{t.gate}</span>
      <input
        value={value}
        maxLength={50}
        autocomplete="off"
        aria-describedby="gate-hint"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span id="gate-hint" class="small soft">
        {t.gateHint}
      </span>
    </label>
  );
};

const Form = (props: FormProps) => {
  const t = doorTexts();
  const form = useForm(props);
  const { concert, read } = form;
  if (concert === undefined) return <p class="note">{t.noConcerts}</p>;
  const { dates, timeZone } = concert;
  const submit = (event: Event): void => {
    event.preventDefault();
    void form.open();
  };
  const dateText = ({ date, startsAt }: (typeof dates)[number]): string =>
    `${formatDate(date)} ${formatMoment(startsAt, timeZone, { timeStyle: "short" })}`;
  return (
    <form class="card stack" onSubmit={submit}>
      <h1>{t.setUp}</h1>
      <Select
        label={t.concert}
        value={concert.concertId}
        onChoose={form.chooseConcert}
        options={props.concerts.map((it) => [it.concertId, it.title])}
      />
      <Select
        label={t.date}
        value={form.date}
        onChoose={form.setDate}
        options={dates.map((it) => [it.date, dateText(it)])}
      />
      <Gate value={form.gate} onInput={form.setGate} />
      {form.hasFailed && (
        <p class="note bad" role="alert">
          {t.away}
        </p>
      )}
      <button class="button wide" aria-disabled={read !== null}>
        {t.open}
      </button>
      <p role="status" class="small">
        {read === null ? "" : t.reading(formatNumber(read))}
      </p>
    </form>
  );
};

/** Asks for the show and the door, and reads the list. */
export const SetUp = (props: Omit<FormProps, "concerts">) => {
  const t = doorTexts();
  const [concerts, setConcerts] = useState<readonly Concert[] | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const load = async (): Promise<void> => {
    setFailed(false);
    const found = await readConcerts();
    if (found === null) setFailed(true);
    else setConcerts(byNearness(found));
  };
  useEffect(() => void load(), []);
  if (concerts !== null) return <Form concerts={concerts} {...props} />;
  if (!hasFailed) return <p role="status">{t.loading}</p>;
  return (
    <div class="stack">
      <p class="note bad" role="alert">
        {t.away}
      </p>
      <button class="button" type="button" onClick={() => void load()}>
        {t.setUp}
      </button>
    </div>
  );
};
