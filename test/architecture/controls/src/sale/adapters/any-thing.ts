// lints: typescript(no-explicit-any), typescript(no-unsafe-argument), typescript(no-unsafe-assignment), typescript(no-unsafe-call), typescript(no-unsafe-member-access), typescript(no-unsafe-return)
const text = (of: string): string => of;
export const go = (thing: any): string => {
  const copy = thing;
  text(copy);
  copy();
  return thing.name;
};
