import { Type, type Static, type TSchema } from "typebox";
import type { UserId } from "#kernel/ids.ts";
import type { Frozen } from "./route.ts";

/** A member of the record that operators read about a user. Each feature describes and reads its own. */
export interface UserPart {
  readonly name: string;
  readonly schema: TSchema;
  /** Throws Unavailable. */
  read(userId: UserId): Promise<unknown>;
}

/** Items of one list about a user: a person has fewer, and a program gets no longer answer. */
export const partItemsMax = 100;

const NewestOf = <S extends TSchema>(item: S, description: string) =>
  Type.Object(
    {
      items: Type.Array(item, { description: "Newest first, at most 100" }),
      complete: Type.Boolean({ description: "Whether these are all", examples: [true] }),
    },
    { description },
  );

/** A part that is a list. `newest` reads at most so many items, newest first. */
export const listPart = <S extends TSchema>(part: {
  readonly name: string;
  readonly description: string;
  readonly item: S;
  newest(userId: UserId, limit: number): Promise<readonly Frozen<Static<S>>[]>;
}): UserPart => ({
  name: part.name,
  schema: NewestOf(part.item, part.description),
  async read(userId) {
    const found = await part.newest(userId, partItemsMax + 1);
    return { items: found.slice(0, partItemsMax), complete: found.length <= partItemsMax };
  },
});
