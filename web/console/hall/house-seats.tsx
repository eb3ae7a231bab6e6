import { useState } from "preact/hooks";
import { blockSeats, unblockSeats } from "../../../sdk/generated/operator.ts";
import type {
  ConcertOnSale,
  HouseSeats as HouseSeatsAnswer,
} from "../../../sdk/generated/schemas.ts";
import type { SeatingPlan } from "../../shared/hall/plan.ts";
import { formatDate } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { ErrorList, Field } from "../components.tsx";
import { callOperator, errorsOf, type FieldError } from "../session.ts";
import { useSubmitting } from "../submitting.ts";
import { texts } from "../texts.ts";
import { requestsOf, type SeatChoice } from "./choice.ts";
import { houseTexts } from "./house-texts.ts";
import { namesOf, seatsText } from "./seats-text.ts";

type Skipped = HouseSeatsAnswer["skipped"][number] & { readonly date: string };

interface Outcome {
  readonly to: "BLOCKED" | "AVAILABLE";
  readonly dates: readonly string[];
  readonly changed: number;
  readonly skipped: readonly Skipped[];
}

/** Skipped seats by date and status. */
const SkippedSeats = ({ plan, outcome }: { plan: SeatingPlan; outcome: Outcome }) => {
  const { dates, skipped } = outcome;
  const groups = dates.flatMap((date) =>
    (["HELD", "SOLD"] as const).map((status) => ({
      title: [...(dates.length > 1 ? [formatDate(date)] : []), texts().status[status]].join(", "),
      seats: skipped.filter((one) => one.date === date && one.status === status),
    })),
  );
  return (
    <ul>
      {groups
        .filter(({ seats }) => seats.length > 0)
        .map(({ title, seats }) => (
          <li key={title}>
            <b>{title}</b>:{" "}
            {namesOf(
              plan,
              seats.map(({ seatNumber }) => seatNumber),
            )}
          </li>
        ))}
    </ul>
  );
};

const OutcomeText = ({ plan, outcome }: { plan: SeatingPlan; outcome: Outcome }) => {
  const t = houseTexts();
  const { to, changed, skipped } = outcome;
  const count = formatNumber(changed);
  return (
    <div class="note stack tight">
      <p>{changed === 0 ? t.nothing : to === "BLOCKED" ? t.blocked(count) : t.unblocked(count)}</p>
      {skipped.length > 0 && (
        <>
          <p>{t.skipped(formatNumber(skipped.length))}</p>
          <SkippedSeats plan={plan} outcome={outcome} />
        </>
      )}
    </div>
  );
};

/** The names of the chosen seats, and the way to choose none. */
const Chosen = ({ plan, choice }: { plan: SeatingPlan; choice: SeatChoice }) => {
  const t = houseTexts();
  const { value: chosen } = choice.chosen;
  return (
    <div class="row apart">
      <p role="status" class="small">
        {chosen.size === 0 ? (
          t.noneChosen
        ) : (
          <>
            <b>{t.chosen(formatNumber(chosen.size))}</b>: {seatsText(plan, chosen)}
          </>
        )}
      </p>
      {chosen.size > 0 && (
        <button class="text-button" type="button" onClick={choice.clear}>
          {t.clear}
        </button>
      )}
    </div>
  );
};

interface HouseSeatsProps {
  readonly concert: ConcertOnSale;
  readonly date: string;
  readonly plan: SeatingPlan;
  readonly choice: SeatChoice;
  readonly onChange: () => void;
}

interface Change {
  readonly to: Outcome["to"];
  readonly dates: readonly string[];
  readonly reason: string;
}

/** Sends the requests of a choice one after the other, until one is refused. Sent again they change nothing twice. */
const useChange = ({ concert, plan, choice, onChange }: HouseSeatsProps) => {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const { concertId } = concert;
  /** Resolves with true when all of them went through. */
  const change = async ({ to, dates, reason }: Change): Promise<boolean> => {
    let sum: Outcome = { to, dates, changed: 0, skipped: [] };
    let problems: readonly FieldError[] = [];
    const requests = requestsOf(plan, choice.chosen.peek());
    for (const [date, seats] of dates.flatMap((day) =>
      requests.map((one) => [day, one] as const),
    )) {
      const input = { concertId, date, body: { ...seats, reason } };
      const result = await callOperator(to === "BLOCKED" ? blockSeats : unblockSeats, input);
      if (!result.ok) {
        problems = errorsOf(result);
        break;
      }
      const { changed, skipped } = result.value;
      sum = {
        ...sum,
        changed: sum.changed + changed,
        skipped: [...sum.skipped, ...skipped.map((one) => ({ ...one, date }))],
      };
    }
    const isDone = problems.length === 0;
    setErrors(problems);
    setOutcome(isDone || sum.changed > 0 ? sum : null);
    if (isDone) choice.clear();
    onChange();
    return isDone;
  };
  return { outcome, errors, change };
};

/** Takes the chosen seats out of the sale, or puts them back, with a reason. */
export const HouseSeats = (props: HouseSeatsProps) => {
  const t = houseTexts();
  const { concert, date, plan, choice } = props;
  const [reason, setReason] = useState("");
  const [onAll, setOnAll] = useState(false);
  const all = concert.dates.map((one) => one.date);
  const { outcome, errors, change } = useChange(props);
  const { isBusy, run } = useSubmitting();
  const missing =
    choice.chosen.value.size === 0 ? t.needsSeats : reason.trim() === "" ? t.needsReason : null;
  const send = (to: Outcome["to"]): void => {
    if (missing !== null) return;
    void run(async () => {
      const dates = onAll ? all : [date];
      if (await change({ to, dates, reason: reason.trim() })) setReason("");
    });
  };
  const button = (to: Outcome["to"], text: string) => (
    <button
      class={to === "BLOCKED" ? "button" : "button quiet"}
      type="button"
      aria-disabled={missing !== null || isBusy}
      aria-describedby="house-why"
      onClick={() => send(to)}
    >
      {text}
    </button>
  );
  return (
    <div class="stack" role="group" aria-label={t.houseSeats}>
      <Chosen plan={plan} choice={choice} />
      <Field
        label={texts().reason}
        value={reason}
        onInput={setReason}
        at="/reason"
        errors={errors}
        required
      />
      {all.length > 1 && (
        <label class="row check">
          <input
            type="checkbox"
            checked={onAll}
            onChange={(event) => setOnAll(event.currentTarget.checked)}
          />
          {t.onAll(formatNumber(all.length))}
        </label>
      )}
      <div class="row">
        {button("BLOCKED", t.block)}
        {button("AVAILABLE", t.unblock)}
        <span id="house-why" class="small soft">
          {missing}
        </span>
      </div>
      <ErrorList errors={errors} />
      <div role="status">
        {outcome !== null && <OutcomeText plan={plan} outcome={outcome} />}
        {outcome !== null && errors.length > 0 && <p>{t.partly}</p>}
      </div>
    </div>
  );
};
