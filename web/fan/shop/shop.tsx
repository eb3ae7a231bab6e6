import { useEffect, useMemo } from "preact/hooks";
import type { Concert } from "../../../sdk/generated/index.ts";
import { effect, untracked } from "../../shared/signals.ts";
import type { Place } from "../queue/place.ts";
import { Countdown, secondsTo } from "../parts.tsx";
import { say } from "../say.tsx";
import { words } from "../words/index.ts";
import { Basket, Choosing } from "./choosing.tsx";
import { Checkout } from "./checkout.tsx";
import { lookAtHold, openHall, setReservation, type Hall } from "./hall.ts";
import { NoticeBox } from "./notice.tsx";
import { PaidNow } from "./paid-now.tsx";
import { isCutOff, isPaying, pay, payment } from "./purchase.ts";
import { shopWords } from "./words.ts";
import "./shop.css";

const warnSeconds = 60;

/** When the fan's time runs out: that of his hold while he has one, else that of his turn. */
const endsAtMs = (hall: Hall): number | null => {
  const at = hall.reservation.value?.expiresAt ?? hall.place.status.value?.expiresAt ?? null;
  return at === null ? null : Date.parse(at);
};

const TimeLeft = ({ hall }: { hall: Hall }) => {
  const toMs = endsAtMs(hall);
  if (toMs === null) return null;
  const w = shopWords();
  const isSoon = secondsTo(toMs) <= warnSeconds;
  return (
    <p class={isSoon ? "time-left soon" : "time-left"}>
      {hall.reservation.value === null ? w.timeToChoose : w.timeToPay}
      <b>
        <Countdown toMs={toMs} />
      </b>
    </p>
  );
};

/** What happens to a hold without the fan: it is cut off by a reload while it is paid, or it lapses. */
const attend = (hall: Hall): (() => void) => {
  const stops = [
    effect(() => {
      const { value: reservation } = hall.reservation;
      if (reservation === null || reservation.status !== "HELD") return;
      if (isCutOff(reservation.reservationId)) untracked(() => void pay(hall));
    }),
    effect(() => {
      const { value: reservation } = hall.reservation;
      if (reservation === null || isPaying.value) return;
      if (reservation.status === "HELD") {
        const isOver = secondsTo(Date.parse(reservation.expiresAt)) === 0;
        if (isOver) void lookAtHold(hall, reservation.reservationId);
        return;
      }
      untracked(() => {
        if (reservation.status === "EXPIRED") hall.notice.value = { kind: "expired" };
        if (reservation.status === "CANCELLED") hall.notice.value = { kind: "cannotPay" };
        setReservation(hall, null);
        hall.place.look();
      });
    }),
    effect(() => {
      const toMs = endsAtMs(hall);
      if (toMs !== null && secondsTo(toMs) === warnSeconds) say(shopWords().soon);
    }),
  ];
  return () => stops.forEach((stop) => stop());
};

/** What stays in sight below: what has happened, and what is chosen. */
const Foot = ({ hall, concert }: { hall: Hall; concert: Concert }) => {
  const { isReady, reservation, dates } = hall;
  const isHeld = reservation.value?.status === "HELD";
  const isChoosing = isReady.value && !isHeld && dates.value?.length !== 0;
  return (
    <div class="foot">
      <NoticeBox hall={hall} />
      {isChoosing && <Basket hall={hall} concert={concert} />}
    </div>
  );
};

const Body = ({ hall, concert }: { hall: Hall; concert: Concert }) => {
  const { value: reservation } = hall.reservation;
  if (!hall.isReady.value) return <p class="soft">{words().loading}</p>;
  if (reservation?.status === "HELD") {
    return <Checkout hall={hall} concert={concert} reservation={reservation} />;
  }
  return <Choosing hall={hall} concert={concert} />;
};

/** Inside: choosing seats, and paying them. */
export const Shop = ({ place, concert }: { place: Place; concert: Concert }) => {
  const { hall, close } = useMemo(() => openHall(place), [place]);
  useEffect(() => {
    const stop = attend(hall);
    return () => {
      stop();
      close();
    };
  }, [hall]);
  const { value: paid } = payment;
  if (paid !== null && paid.tickets[0]?.concertId === concert.concertId) {
    return <PaidNow payment={paid} concert={concert} />;
  }
  return (
    <div class="stack">
      <TimeLeft hall={hall} />
      <Body hall={hall} concert={concert} />
      <Foot hall={hall} concert={concert} />
    </div>
  );
};
