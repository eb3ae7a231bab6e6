/** An ACTIVE user with money, a free seat, and the operator's key. */
export interface Buyer {
  readonly userId: string;
  readonly accessToken: string;
  readonly queueToken: string;
  readonly concertId: string;
  readonly date: string;
  readonly seatNumber: number;
}

type Members = Record<string, unknown>;

const pollsMax = 60;

const firstOf = (page: Members): Members => {
  const [first] = page["items"] as Members[];
  if (first === undefined)
    throw new Error("the server has no concert: start it with its demo sale");
  return first;
};

/** Registers a user at `url`, charges the balance, waits for the admission, and finds a free seat. Throws on any refusal. */
export const becomeBuyer = async (url: string): Promise<Buyer> => {
  const ask = async (path: string, token: string, body?: Members): Promise<Members> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: {
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        "idempotency-key": crypto.randomUUID(),
      },
    });
    const members = (await answer.json()) as Members;
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(members)}`);
    return members;
  };
  const user = await ask("/users", "", { name: "Kim" });
  const userId = String(user["userId"]);
  const accessToken = String(user["accessToken"]);
  await ask(`/users/${userId}/balance/charges`, accessToken, { amount: 500_000 });
  const concertId = String(firstOf(await ask("/concerts", ""))["concertId"]);
  const queue = `/concerts/${concertId}/queue/tokens`;
  let place = await ask(queue, accessToken, {});
  for (let polls = 0; place["status"] !== "ACTIVE"; polls += 1) {
    if (polls === pollsMax) throw new Error(`still ${String(place["status"])}`);
    await new Promise((resolve) => setTimeout(resolve, Number(place["pollAfterMs"])));
    place = await ask(`${queue}/me`, String(place["token"]));
  }
  const queueToken = String(place["token"]);
  const date = String(firstOf(await ask(`/concerts/${concertId}/dates`, queueToken))["date"]);
  const seats = `/concerts/${concertId}/dates/${date}/seats?status=AVAILABLE`;
  const seatNumber = Number(firstOf(await ask(seats, queueToken))["seatNumber"]);
  return { userId, accessToken, queueToken, concertId, date, seatNumber };
};
