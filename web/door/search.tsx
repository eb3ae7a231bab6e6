import { useState } from "preact/hooks";
import { placesText } from "../shared/hall/place-texts.ts";
import type { Door } from "./door.ts";
import type { ListedTicket } from "./rules.ts";
import { doorTexts } from "./texts.ts";

const foundMax = 30;

interface FoundTicketProps {
  readonly ticket: ListedTicket;
  readonly isUsed: boolean;
  readonly onAdmit: (ticketId: string) => void;
}

const FoundTicket = ({ ticket, isUsed, onAdmit }: FoundTicketProps) => {
  const t = doorTexts();
  const place = placesText([ticket]);
  return (
    <li class="row apart found">
      <span>
        <b class="num">{place}</b>
        <br />
        <span class="soft">{ticket.holderName ?? t.noName}</span>
      </span>
      {ticket.status === "VOID" || isUsed ? (
        <span class="chip">{isUsed ? t.isUsed : t.isVoid}</span>
      ) : (
        <button
          class="button"
          type="button"
          aria-label={t.admitOne(place)}
          onClick={() => onAdmit(ticket.ticketId)}
        >
          {t.admit}
        </button>
      )}
    </li>
  );
};

/** Finds tickets in the list, for a holder without a code. */
export const Search = ({ door, onAdmit }: { door: Door; onAdmit: FoundTicketProps["onAdmit"] }) => {
  const t = doorTexts();
  const [text, setText] = useState("");
  void door.log.changes.value;
  const known = door.known.value;
  const found = known.search(text, foundMax + 1);
  return (
    <section class="stack" aria-label={t.found}>
      <label class="field">
        <span class="small">{t.search}</span>
        <input
          type="search"
          value={text}
          placeholder={t.searchHint}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      {text.trim() !== "" && found.length === 0 && <p class="note">{t.noneFound}</p>}
      {found.length > 0 && (
        <ul class="stack">
          {found.slice(0, foundMax).map((ticket) => (
            <FoundTicket
              key={ticket.ticketId}
              ticket={ticket}
              isUsed={known.admissionOf(ticket.ticketId) !== null}
              onAdmit={onAdmit}
            />
          ))}
        </ul>
      )}
      {found.length > foundMax && <p class="small soft">{t.more}</p>}
    </section>
  );
};
