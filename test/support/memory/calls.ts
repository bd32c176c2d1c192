import { UnavailableError } from '../../../shared/domain/errors.ts';

/** One call of a double, as it was made. */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

const logs = new WeakMap<object, Call[]>();

/** Every call of a double since it was made, through whatever `failing` wrappers; calls that a wrapper cut off too. */
export const callsOf = (store: object): readonly Call[] => logs.get(store) ?? [];

/** The methods that were called, in order. */
export const methodsOf = (store: object): readonly string[] => callsOf(store).map((call) => call.method);

type Method = (...args: unknown[]) => unknown;

const intercept = <T extends object>(store: T, around: (name: string, run: Method) => Method): T =>
  new Proxy(store, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof name !== 'string' || typeof member !== 'function') return member;
      return around(name, (...args) => Reflect.apply(member, target, args));
    },
  });

/** Wraps a fresh double so that `callsOf` knows its calls. */
export const logged = <T extends object>(store: T): T => {
  const calls: Call[] = [];
  const proxy = intercept(store, (method, run) => (...args) => {
    calls.push({ method, args });
    return run(...args);
  });
  logs.set(proxy, calls);
  return proxy;
};

/** Methods that change something begin with one of these verbs. */
const mutating =
  /^(beat|patch|put|add|save|archive|flush|announce|admit|revoke|append|remove|publish|keep|use|note|decide|erase|prune)/;

export interface FailurePlan {
  /** Fail at the k-th counted call, 1 = the first, over all stores that share the plan. */
  readonly at: number;
  /** `before`: nothing was saved. `after`: it was saved and the caller never heard. */
  readonly when: 'before' | 'after';
  /** Count reads as well. Default: only calls that change something. */
  readonly reads?: boolean;
  /** Only calls of these methods count. */
  readonly only?: readonly string[];
  /** As after a SIGKILL: every later call through the plan fails too, until `restart()`. */
  readonly dies?: boolean;
}

export interface RunningPlan {
  /** Counted calls so far. Run once with `at: Infinity` to learn how many there are. */
  readonly seen: number;
  readonly fired: boolean;
  /** The process starts again: no call fails any more. */
  restart(): void;
}

interface PlanState {
  readonly plan: FailurePlan;
  seen: number;
  fired: boolean;
  restarted: boolean;
}

const states = new WeakMap<RunningPlan, PlanState>();

/** A plan that several stores (and the publisher) may share, so that "between any two writes" spans all of them. */
export const failAt = (plan: FailurePlan): RunningPlan => {
  const state: PlanState = { plan, seen: 0, fired: false, restarted: false };
  const running: RunningPlan = {
    get seen() {
      return state.seen;
    },
    get fired() {
      return state.fired;
    },
    restart: () => {
      state.restarted = true;
    },
  };
  states.set(running, state);
  return running;
};

const counts = (plan: FailurePlan, method: string): boolean =>
  plan.only ? plan.only.includes(method) : plan.reads === true || mutating.test(method);

const trouble = (method: string, when: string): UnavailableError => new UnavailableError(`planned: ${when} ${method}`);

/**
 * The store's double that can fail before or after saving. Takes a plan, or a plan already running (`failAt`). Async
 * iterables (`scan`, `candidates`) fail when they are called, not in between.
 */
export const failing = <T extends object>(store: T, planOrRunning: FailurePlan | RunningPlan): T => {
  const running = 'at' in planOrRunning ? failAt(planOrRunning) : planOrRunning;
  const state = states.get(running);
  if (!state) throw new Error('not a plan made by failAt');
  const proxy = intercept(store, (method, run) => (...args) => {
    if (state.restarted) return run(...args);
    if (state.fired) {
      if (state.plan.dies) return refuse(method, 'dead, at');
      return run(...args);
    }
    if (!counts(state.plan, method)) return run(...args);
    state.seen += 1;
    if (state.seen !== state.plan.at) return run(...args);
    state.fired = true;
    if (state.plan.when === 'before' || iterates.has(method)) return refuse(method, 'before');
    return Promise.resolve(run(...args)).then(() => refuse(method, 'after'));
  });
  logs.set(proxy, logs.get(store) ?? []);
  return proxy;
};

const iterates = new Set(['scan', 'candidates']);

const refuse = (method: string, when: string): unknown => {
  if (!iterates.has(method)) return Promise.reject(trouble(method, when));
  return {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(trouble(method, when)) }),
  };
};

export interface Interleaving {
  readonly method: string;
  /** Which call of that method, 1 = the first. */
  readonly at?: number;
  /** What somebody else does in between. */
  readonly meanwhile: () => unknown;
}

/** Lets somebody else act right before the given call reaches the store: races without threads. */
export const interleave = <T extends object>(store: T, { method, at = 1, meanwhile }: Interleaving): T => {
  let seen = 0;
  const proxy = intercept(store, (name, run) => (...args) => {
    if (name !== method || iterates.has(name)) return run(...args);
    seen += 1;
    return seen === at ? Promise.resolve(meanwhile()).then(() => run(...args)) : run(...args);
  });
  logs.set(proxy, logs.get(store) ?? []);
  return proxy;
};
