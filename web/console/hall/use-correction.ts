import { useState } from "preact/hooks";
import type { Result } from "../../../sdk/client.ts";
import type { ConcertOnSale } from "../../../sdk/generated/schemas.ts";
import { errorsOf, type FieldError } from "../session.ts";
import { useSubmitting } from "../submitting.ts";

/** A form that changes facts of a sale, and tells the later of two operators. */
export interface Correction {
  readonly errors: readonly FieldError[];
  readonly note: "saved" | "conflict" | null;
  readonly isBusy: boolean;
  /** To be called as the operator types; `isFirst`: nothing was typed before. */
  touch(isFirst: boolean): void;
  /** Sends the change with the version that the operator saw when the typing began. */
  send(change: (version: number) => Promise<Result<unknown, string>>): Promise<void>;
}

export const useCorrection = (
  concert: ConcertOnSale,
  { onSaved, onChange }: { readonly onSaved: () => void; readonly onChange: () => void },
): Correction => {
  const [seen, setSeen] = useState<number | undefined>(undefined);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [note, setNote] = useState<Correction["note"]>(null);
  const { isBusy, run } = useSubmitting();
  const save = async (change: Parameters<Correction["send"]>[0]): Promise<void> => {
    // After a conflict the form shows the present values, so the present version is the one that is seen.
    const result = await change(seen ?? concert.version);
    onChange();
    if (result.ok) {
      onSaved();
      return setNote("saved");
    }
    if (result.code !== "VERSION_CONFLICT") return setErrors(errorsOf(result));
    setSeen(undefined);
    setNote("conflict");
  };
  return {
    errors,
    note,
    isBusy,
    touch(isFirst) {
      if (isFirst) setSeen(concert.version);
      setErrors([]);
      setNote(null);
    },
    send: (change) => run(() => save(change)),
  };
};
