import { Ajv } from "ajv";
import { formats } from "./formats.ts";

/** Values in a request for which every fault is listed. A body of 16 KB, the default bound, has fewer. */
const listedValuesMax = 10_000;

/** Counts the values in a value, each list and object too, up to a bound. */
const countValues = (value: unknown, max: number): number => {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const child of Object.values(value)) {
    if (count >= max) break;
    count += countValues(child, max - count);
  }
  return count;
};

const createAjv = (allErrors: boolean): Ajv => {
  const ajv = new Ajv({ addUsedSchema: false, allErrors, strictTypes: false });
  for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, check);
  return ajv;
};

/**
 * Returns a compiler of schemas into checks. A check is true, or has its faults in `errors`: all of them, or only
 * the first in a request of many values. A list of faults costs 10 µs a fault, and a body of 4 MB has a million.
 */
export const validatorCompiler = () => {
  const [first, every] = [createAjv(false), createAjv(true)];
  return ({ schema }: { readonly schema: object }) => {
    const findFirst = first.compile(schema);
    let findAll: typeof findFirst | null = null;
    return (value: unknown) => {
      if (findFirst(value)) return true;
      const isListed = countValues(value, listedValuesMax) < listedValuesMax;
      const find = isListed ? (findAll ??= every.compile(schema)) : findFirst;
      find(value);
      return { error: (find.errors ?? []) as never };
    };
  };
};
