import type { Operator } from "../../sdk/generated/schemas.ts";
import type { DoorList, DoorShow, Scan } from "./records.ts";

/** The operator whose key this scanner has accepted, so that it accepts the key again without a network. */
export interface KnownOperator {
  /** SHA-256 of the key, in hex. */
  readonly keyHash: string;
  readonly operator: Operator;
}

/** The records that outlive the page. Every method rejects when the browser stores nothing. */
export interface DoorStore {
  readShow(): Promise<DoorShow | null>;
  writeShow(show: DoorShow): Promise<void>;
  readOperator(): Promise<KnownOperator | null>;
  writeOperator(known: KnownOperator): Promise<void>;
  readList(): Promise<DoorList | null>;
  /** Replaces the one list. */
  writeList(list: DoorList): Promise<void>;
  /** All scans, by their number. */
  readScans(): Promise<readonly Scan[]>;
  writeScans(scans: readonly Scan[]): Promise<void>;
  /** Removes the show, the list, the operator, and the scans that the server has answered. */
  forget(): Promise<void>;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed")));
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () =>
      reject(transaction.error ?? new Error("IndexedDB aborted")),
    );
  });

const openDatabase = (): Promise<IDBDatabase> => {
  const request = indexedDB.open("frontrow-door", 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore("values");
    request.result.createObjectStore("scans", { keyPath: "n" });
  });
  return done(request);
};

/** Opens the store of this browser. */
export const openStore = async (): Promise<DoorStore> => {
  const database = await openDatabase();
  const read = async <T>(name: string): Promise<T | null> => {
    const values = database.transaction("values").objectStore("values");
    return ((await done(values.get(name))) as T | undefined) ?? null;
  };
  const write = (name: string, value: unknown): Promise<void> => {
    const transaction = database.transaction("values", "readwrite");
    transaction.objectStore("values").put(value, name);
    return committed(transaction);
  };
  const readScans = (): Promise<readonly Scan[]> =>
    done(database.transaction("scans").objectStore("scans").getAll() as IDBRequest<Scan[]>);
  return {
    readShow: () => read("show"),
    writeShow: (show) => write("show", show),
    readOperator: () => read("operator"),
    writeOperator: (known) => write("operator", known),
    readList: () => read("list"),
    writeList: (list) => write("list", list),
    readScans,
    writeScans: (scans) => {
      const transaction = database.transaction("scans", "readwrite");
      for (const scan of scans) transaction.objectStore("scans").put(scan);
      return committed(transaction);
    },
    forget: async () => {
      const over = (await readScans()).filter(({ isUnsent }) => !isUnsent);
      const transaction = database.transaction(["values", "scans"], "readwrite");
      transaction.objectStore("values").clear();
      for (const { n } of over) transaction.objectStore("scans").delete(n);
      return committed(transaction);
    },
  };
};
