import type { ConcertOnSale, Sales } from "../../sdk/generated/schemas.ts";
import { formatDate, formatMoney, formatNumber } from "../shared/language.ts";
import { words } from "./words.ts";

type Queue = Sales["items"][number];
type Sum = Pick<Queue, "seatsAvailable" | "seatsHeld" | "seatsSold" | "revenue">;

const nothing: Sum = { seatsAvailable: 0, seatsHeld: 0, seatsSold: 0, revenue: 0 };

const sumOf = (lines: readonly Queue[]): Sum =>
  lines.reduce(
    (sum, line) => ({
      seatsAvailable: sum.seatsAvailable + line.seatsAvailable,
      seatsHeld: sum.seatsHeld + line.seatsHeld,
      seatsSold: sum.seatsSold + line.seatsSold,
      revenue: sum.revenue + line.revenue,
    }),
    nothing,
  );

const Sold = ({ sum }: { sum: Sum }) => {
  const { seatsAvailable, seatsHeld, seatsSold } = sum;
  return (
    <td class="num">
      <b>{formatNumber(seatsSold)}</b>
      <span class="soft"> / {formatNumber(seatsAvailable + seatsHeld + seatsSold)}</span>
      <span class="held-too">{seatsHeld > 0 && words().heldToo(formatNumber(seatsHeld))}</span>
    </td>
  );
};

interface RowProps {
  readonly lines: readonly Queue[];
  readonly grades: readonly string[];
  readonly currency: string;
}

const Cells = ({ lines, grades, currency }: RowProps) => {
  const total = sumOf(lines);
  return (
    <>
      {grades.map((grade) => (
        <Sold key={grade} sum={sumOf(lines.filter((line) => line.grade === grade))} />
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

/** What is sold of each grade on each date, with the whole sale on top; a date can be chosen. */
export const SalesTable = ({ concert, sales, date, onChoose }: SalesTableProps) => {
  const w = words();
  const { currency } = concert;
  const { items } = sales;
  const grades = [...new Set(items.map(({ grade }) => grade))];
  return (
    <div class="scroll" role="group" aria-label={w.salesHint} tabIndex={0}>
      <table aria-label={w.sales}>
        <thead>
          <tr>
            <th scope="col">{w.date}</th>
            {grades.map((grade) => (
              <th key={grade} scope="col" class="num">
                {grade}
              </th>
            ))}
            {grades.length > 1 && (
              <th scope="col" class="num">
                {w.total}
              </th>
            )}
            <th scope="col" class="num">
              {w.revenue}
            </th>
          </tr>
        </thead>
        <tbody>
          <tr class="sum">
            <th scope="row">{w.allDates}</th>
            <Cells lines={items} grades={grades} currency={currency} />
          </tr>
          {[...Map.groupBy(items, (line) => line.date)].map(([day, lines]) => (
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
              <Cells lines={lines} grades={grades} currency={currency} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
