const parts = new WeakMap<object, Map<unknown, unknown>>();

/**
 * Returns the state that `create` makes for an owner, such as an account or a turn. It is made once and is
 * forgotten with its owner, so no state outlives the user or the turn that it belongs to.
 */
export const partOf = <Owner extends object, Part>(
  owner: Owner,
  create: (owner: Owner) => Part,
): Part => {
  let own = parts.get(owner);
  if (own === undefined) parts.set(owner, (own = new Map()));
  if (!own.has(create)) own.set(create, create(owner));
  return own.get(create) as Part;
};
