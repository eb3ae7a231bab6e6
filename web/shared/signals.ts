import { Component, options, type ComponentType, type VNode } from "preact";

/** A value that notifies its readers when it changes. Works as in @preact/signals, in fewer bytes. */
export interface Signal<T> {
  value: T;
  /** The value, without subscribing. */
  peek(): T;
}

interface Reader {
  readonly notify: () => void;
  readonly sources: Set<Set<Reader>>;
}

let reader: Reader | null = null;
let batches = 0;
const due = new Set<Reader>();

const forget = (one: Reader): void => {
  for (const readers of one.sources) readers.delete(one);
  one.sources.clear();
  due.delete(one);
};

/** Runs `work` and subscribes `one` to each signal that it reads. A change notifies `one` once. */
const readAs = <T>(one: Reader | null, work: () => T): T => {
  const before = reader;
  if (one !== null) forget(one);
  reader = one;
  try {
    return work();
  } finally {
    reader = before;
  }
};

/** Runs `work`, then notifies readers once of all its changes. */
export const batch = (work: () => void): void => {
  batches += 1;
  try {
    work();
  } finally {
    batches -= 1;
    if (batches === 0) {
      for (const one of due) {
        due.delete(one);
        one.notify();
      }
    }
  }
};

export const signal = <T>(initial: T): Signal<T> => {
  const readers = new Set<Reader>();
  let current = initial;
  return {
    peek: () => current,
    get value() {
      if (reader !== null) {
        readers.add(reader);
        reader.sources.add(readers);
      }
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      batch(() => {
        for (const one of readers) due.add(one);
      });
    },
  };
};

/** Runs `work` now and after each change of a signal that it read. Returns what stops it. */
export const effect = (work: () => void): (() => void) => {
  const run = (): void => readAs(one, work);
  const one: Reader = { notify: run, sources: new Set() };
  run();
  return () => forget(one);
};

/** Runs `work` without subscribing to what it reads. */
export const untracked = <T>(work: () => T): T => readAs(null, work);

type View = (props: object, context: unknown) => VNode | null;

const components = new WeakMap<View, ComponentType>();

/** A component that renders `view`, and again after each change of a signal that it read. */
const componentOf = (view: View): ComponentType =>
  class extends Component {
    #reader: Reader = { notify: () => this.setState({}), sources: new Set() };

    override render(props: object) {
      return readAs(this.#reader, () => view(props, this.context));
    }

    override componentWillUnmount(): void {
      forget(this.#reader);
    }
  };

// Every function component of the pages subscribes to the signals that it reads.
const { vnode: before } = options;
options.vnode = (node: VNode) => {
  const view = node.type as View;
  if (typeof view === "function" && !(view.prototype instanceof Component)) {
    let component = components.get(view);
    if (component === undefined) components.set(view, (component = componentOf(view)));
    (node as { type: unknown }).type = component;
  }
  before?.(node);
};
