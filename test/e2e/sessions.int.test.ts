import assert from "node:assert/strict";
import { test } from "node:test";
import { refused, succeeded } from "#test/support/client.ts";
import {
  dateIn,
  openDoors,
  openSale,
  type QueueStatus,
  type Reservation,
} from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually } from "#test/support/concurrency.ts";

const date = dateIn(30);
const price = 50_000;

test("signing out everywhere revokes queue tokens on every instance; the place and the hold stay", async () => {
  await using deployment = await startDeployment({ instances: 2 });
  const sale = openSale(deployment);
  const { concertId } = await sale.onSale({ dates: [{ date }], price, policy: openDoors });
  const { body } = await sale.call({ method: "POST", path: "/api/v1/users", body: {} });
  const user = body as { userId: string; accessToken: string; recoveryCode: string };
  await sale.charge(user, price);
  const placed = await sale.admitted(user, concertId);
  const { reservationId } = await sale.reserved(placed, { date, seatNumbers: [7] });

  const signedOut = await sale.call({
    method: "DELETE",
    path: "/api/v1/users/me/tokens",
    token: user.accessToken,
    on: 0,
  });
  assert.equal(signedOut.status, 204);
  for (const on of [0, 1]) {
    await eventually(`instance ${on} knows the revocation`, async () =>
      (await sale.poll(placed, on)).status === 401 ? true : undefined,
    );
    refused(await sale.pay(placed, reservationId, { on }), "QUEUE_TOKEN_INVALID");
    refused(await sale.reserve(placed, { date, seatNumbers: [8] }, { on }), "QUEUE_TOKEN_INVALID");
    refused(await sale.join(user, concertId, on), "ACCESS_TOKEN_INVALID");
  }

  const recovered = await sale.call({
    method: "POST",
    path: "/api/v1/users/tokens",
    body: { recoveryCode: user.recoveryCode },
  });
  const back = succeeded(recovered, 201) as unknown as { accessToken: string };
  const again = { userId: user.userId, accessToken: back.accessToken };
  const { value } = await eventually("the place is the user's again", async () => {
    const joined = await sale.join(again, concertId);
    return joined.status === 200 ? (joined.body as QueueStatus) : undefined;
  });
  assert.equal(value.status, "ACTIVE");
  const { value: paid } = await eventually("the held seat is paid", async () => {
    const answer = await sale.pay({ ...again, concertId, queueToken: value.token }, reservationId);
    return answer.status === 201 ? (answer.body as Reservation) : undefined;
  });
  assert.equal(paid.reservationId, reservationId);
});
