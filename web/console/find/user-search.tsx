import { useState } from "preact/hooks";
import type { Failure } from "../../../sdk/client.ts";
import { findUsers } from "../../../sdk/generated/operator.ts";
import type { FoundUser } from "../../../sdk/generated/schemas.ts";
import { formatMoment } from "../../shared/format.ts";
import { Field, Panel } from "../components.tsx";
import { ownZone } from "../moments.ts";
import { callOperator, refusalText } from "../session.ts";
import { useSubmitting } from "../submitting.ts";
import { texts } from "../texts.ts";
import { findTexts } from "./find-texts.ts";

interface Matches {
  readonly text: string;
  readonly users: readonly FoundUser[];
  readonly nextCursor: string | null;
}

const UserItem = ({ user }: { user: FoundUser }) => {
  const t = findTexts();
  const day = (at: string): string => formatMoment(at, ownZone, { dateStyle: "medium" });
  return (
    <li>
      <a href={`/console/users/${user.userId}`} data-in>
        {user.name ?? t.noName}
      </a>{" "}
      <span class="small soft">
        <code>{user.userId}</code> ·{" "}
        {user.erasedAt === null ? t.createdAt(day(user.createdAt)) : t.erased(day(user.erasedAt))}
      </span>
    </li>
  );
};

/** Finds users by the beginning of a name, or by id. */
export const UserSearch = () => {
  const t = findTexts();
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<Matches | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { isBusy, run } = useSubmitting();
  const find = async (text: string, before: Matches | null): Promise<void> => {
    const result = await callOperator(findUsers, {
      ...(text === "" ? {} : { q: text }),
      ...(before?.nextCursor == null ? {} : { cursor: before.nextCursor }),
    });
    setFailure(result.ok ? null : result);
    if (!result.ok) return;
    const { items, nextCursor } = result.value;
    setFound({ text, users: [...(before?.users ?? []), ...items], nextCursor });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(() => find(typed.trim(), null));
  };
  return (
    <Panel title={t.users}>
      <form class="row end" noValidate onSubmit={submit}>
        <Field label={t.searchUsers} value={typed} onInput={setTyped} hint={t.searchUsersHint} />
        <button class="button quiet" aria-disabled={isBusy}>
          {t.search}
        </button>
      </form>
      <div role="status" class="stack tight">
        {failure !== null && <p class="note bad">{refusalText(failure)}</p>}
        {found?.users.length === 0 && <p class="note">{t.noUsers}</p>}
        {found !== null && (
          <ul class="found">
            {found.users.map((user) => (
              <UserItem key={user.userId} user={user} />
            ))}
          </ul>
        )}
      </div>
      {found !== null && found.nextCursor !== null && (
        <button
          class="text-button"
          type="button"
          onClick={() => void run(() => find(found.text, found))}
        >
          {texts().more}
        </button>
      )}
    </Panel>
  );
};
