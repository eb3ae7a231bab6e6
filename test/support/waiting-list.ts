import { succeeded, type Members } from "./client.ts";
import { eventually, times } from "./concurrency.ts";
import { seatsUnderTest } from "./halls.ts";
import { dateIn, type Fan, type Placed, type QueueStatus, type Sale } from "./sale.ts";

const date = dateIn(20);

/** A sale with a waiting list, whose seats go and come back as house seats. */
export const saleWithList = async (sale: Sale, policy: Members = {}) => {
  const { concertId } = await sale.onSale({
    dates: [{ date }],
    policy: { waitingList: true, claimSeconds: 60, ...policy },
  });
  const change = async (action: "block" | "unblock", seatNumbers: readonly number[]) => {
    const path = `/concerts/${concertId}/dates/${date}/seats/${action}`;
    succeeded(await sale.admin("POST", path, { seatNumbers, reason: "guests" }), 200);
  };
  const state = async (): Promise<unknown> =>
    succeeded<Members>(await sale.call({ path: `/api/v1/concerts/${concertId}/queue` }), 200);
  return {
    concertId,
    date,
    block: (seatNumbers: readonly number[]) => change("block", seatNumbers),
    /** The seats come back. */
    giveBack: (seatNumbers: readonly number[]) => change("unblock", seatNumbers),
    queue: () => state() as Promise<Members>,
  };
};

/**
 * Waits until every instance knows that the sale is sold out; requests take turns between them. One that does not may still
 * admit a user, who then ends with the sale.
 */
export const soldOut = async (sale: Sale, concertId: string): Promise<void> => {
  const path = `/api/v1/concerts/${concertId}/queue`;
  await eventually("every instance has a sold out sale", async () => {
    for (let asked = 0; asked < 6; asked += 1) {
      const { state } = succeeded<Members>(await sale.call({ path }), 200);
      if (state !== "SOLD_OUT") return undefined;
    }
    return true;
  });
};

/** All seats are gone, and so many users stand on the waiting list, in this order. */
export const usersOnList = async (
  sale: Sale,
  list: Awaited<ReturnType<typeof saleWithList>>,
  count: number,
): Promise<Placed[]> => {
  const seatNumbers = times(seatsUnderTest(), (index) => index + 1);
  // A body has at most 16 KiB.
  for (let from = 0; from < seatNumbers.length; from += 2_000)
    await list.block(seatNumbers.slice(from, from + 2_000));
  const fans = await sale.fans(count, { balance: 10_000 });
  await soldOut(sale, list.concertId);
  const places: Placed[] = [];
  for (const fan of fans) places.push(await onList(sale, fan, list.concertId));
  return places;
};

/** Waits until the place has the status, with the newest token in it. */
export const reaches = async (
  sale: Sale,
  place: Placed,
  wanted: QueueStatus["status"],
): Promise<QueueStatus> => {
  const { value } = await eventually(`the place is ${wanted}`, async () => {
    const status = await sale.status(place);
    return status.status === wanted ? status : undefined;
  });
  return value;
};

/** The admissions of a queue in order, once so many are in the journal. */
export const admittedUsers = async (
  sql: (text: string, values: readonly unknown[]) => Promise<unknown>,
  concertId: string,
): Promise<string[]> => {
  const rows = (await sql(
    `select user_id::text as "userId" from queue_journal
     where concert_id = $1 and kind = 'ADMITTED' order by queue_epoch, n`,
    [concertId],
  )) as { userId: string }[];
  return rows.map(({ userId }) => userId);
};

/** Joins a waiting list and returns the place. */
export const onList = async (sale: Sale, fan: Fan, concertId: string): Promise<Placed> => {
  const joined = succeeded<QueueStatus>(await sale.join(fan, concertId), 201);
  const place = { ...fan, concertId, queueToken: joined.token };
  // Until the next pass an instance may not know that the list has begun: the user waits for that moment.
  if (joined.status !== "WAITLISTED") await reaches(sale, place, "WAITLISTED");
  return place;
};
