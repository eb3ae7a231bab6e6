/** An occurrence of a retired word that is right, and the reason. */
interface Exception {
  readonly reason: string;
  holds(file: string, name: string): boolean;
}

/** Words, or whole names, that the code once used for a term of the glossary. */
export interface RetiredWord {
  readonly words?: readonly string[];
  readonly names?: readonly string[];
  readonly instead: string;
  readonly except?: readonly Exception[];
}

const under = (reason: string, folders: RegExp): Exception => ({
  reason,
  holds: (file) => folders.test(file),
});
const named = (reason: string, ...names: readonly string[]): Exception => ({
  reason,
  holds: (_, name) => names.includes(name),
});

export const retiredWords: readonly RetiredWord[] = [
  {
    words: ["line", "lines"],
    instead: "queue",
    except: [
      under(
        "text has lines",
        /^(?:bench|scripts|tools|test|sdk|web|src\/(?:platform|catalogue)|src\/queue\/.*adapters)\/|\.test\.ts$/,
      ),
      named("a value of the API", "LINE_EMPTY"),
    ],
  },
  { words: ["sight", "sights"], instead: "place status, queue snapshot" },
  { names: ["Found", "Seen"], instead: "PlaceStatus, QueueSnapshot" },
  { words: ["turnstile", "turnstiles"], instead: "queue gate" },
  { words: ["glance", "glances", "lookout"], instead: "checkActive, getStatuses" },
  {
    words: ["look", "looks"],
    instead: "get, list, check",
    except: [named("to look up is to find by a key", "lookUp")],
  },
  { words: ["told", "noting"], instead: "outbox delivery" },
  { words: ["news"], instead: "outbox events" },
  {
    words: ["settle", "settles"],
    instead: "release, resolve, record, save",
    except: [under("a promise settles", /^src\/platform\//)],
  },
  { words: ["tide", "tides"], instead: "queue sample" },
  {
    words: ["picture", "pictures"],
    instead: "seat map cache",
    except: [under("tools draw and take pictures", /^(?:bench|tools|docs)\//)],
  },
  {
    words: ["wanted"],
    instead: "lock set",
    except: [
      under(
        "the plain word, where no row is locked",
        /^(?:bench|scripts|tools|test|web|src\/catalogue)\//,
      ),
    ],
  },
  { words: ["insist", "insists"], instead: "retry" },
  {
    words: ["rest", "rests"],
    instead: "retention",
    except: [named("the remaining members of a list or object", "rest")],
  },
  { words: ["pace", "paces"], instead: "rate limiter, throughput" },
  { words: ["outlook", "outlooks"], instead: "admission forecast" },
  { words: ["put back", "putting back"], instead: "restore, rebuild" },
  {
    words: ["aside", "stepped over"],
    instead: "skipped",
    except: [
      named("a value of the API", "STEPPED_OVER"),
      under(
        "a count in the API",
        /^(?:sdk\/generated|src\/(?:queue|catalogue)\/adapters\/http|web\/console)\//,
      ),
      under("a file that is moved out of the way", /^scripts\//),
    ],
  },
  { words: ["spared", "lenient", "forbearance"], instead: "grace period" },
  { words: ["flights"], instead: "in flight" },
  { words: ["twin", "twins"], instead: "same key" },
  { words: ["bridge", "bridges"], instead: "adapter" },
];
