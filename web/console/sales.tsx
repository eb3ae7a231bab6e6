import type { ConcertOnSale, Sales } from "../../sdk/generated/schemas.ts";
import { formatDate, formatMoney } from "../shared/format.ts";
import { formatNumber } from "../shared/language.ts";
import { seatsOf, sumOf, type Totals } from "./snapshot.ts";
import { texts } from "./texts.ts";

type SalesRow = Sales["items"][number];

const Sold = ({ sum }: { sum: Totals }) => {
  const { seatsHeld, seatsSold, seatsBlocked } = sum;
  const t = texts();
  const others = [
    ...(seatsHeld > 0 ? [t.heldToo(formatNumber(seatsHeld))] : []),
    ...(seatsBlocked > 0 ? [t.blockedToo(formatNumber(seatsBlocked))] : []),
  ];
  return (
    <td class="num">
      <b>{formatNumber(seatsSold)}</b>
      <span class="soft"> / {formatNumber(seatsOf(sum))}</span>
      <span class="held-too">{others.join(", ")}</span>
    </td>
  );
};

interface RowProps {
  readonly rows: readonly SalesRow[];
  readonly grades: readonly string[];
  readonly currency: string;
}

const Cells = ({ rows, grades, currency }: RowProps) => {
  const total = sumOf(rows);
  return (
    <>
      {grades.map((grade) => (
        <Sold key={grade} sum={sumOf(rows.filter((row) => row.grade === grade))} />
      ))}
      {grades.length > 1 && <Sold sum={total} />}
      <td class="num">{formatMoney(total.revenue, currency)}</td>
    </>
  );
};

interface SalesTableProps {
  readonly concert: ConcertOnSale;
  readonly sales: Sales;
  readonly date: string;
  readonly onChoose: (date: string) => void;
}

/** Seats sold by date and grade, with the total on top. A date can be selected. */
export const SalesTable = ({ concert, sales, date, onChoose }: SalesTableProps) => {
  const t = texts();
  const { currency } = concert;
  const { items } = sales;
  const grades = [...new Set(items.map(({ grade }) => grade))];
  return (
    <div class="scroll" role="group" aria-label={t.salesHint} tabIndex={0}>
      <table aria-label={t.sales}>
        <thead>
          <tr>
            <th scope="col">{t.date}</th>
            {grades.map((grade) => (
              <th key={grade} scope="col" class="num">
                {grade}
              </th>
            ))}
            {grades.length > 1 && (
              <th scope="col" class="num">
                {t.total}
              </th>
            )}
            <th scope="col" class="num">
              {t.revenue}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr class="sum">
            <th scope="row">{t.allDates}</th>
            <Cells rows={items} grades={grades} currency={currency} />
          </tr>
          {[...new Set(items.map((row) => row.date))].map((day) => (
            <tr key={day} class={day === date ? "chosen" : ""}>
              <th scope="row">
                <button
                  class="text-button"
                  type="button"
                  aria-pressed={day === date}
                  onClick={() => onChoose(day)}
                >
                  {formatDate(day)}
                </button>
              </th>
              <Cells
                rows={items.filter((row) => row.date === day)}
                grades={grades}
                currency={currency}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
