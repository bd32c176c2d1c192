import { setImmediate } from 'node:timers/promises';

/**
 * Lets runs go on one call at a time, in an order that a test chooses: each call of a wrapped double waits for its turn.
 * Between two turns every run has come to its next call, or to its end.
 */
export class Turns {
  private readonly waiting = new Map<string, (() => void)[]>();
  private running = 0;
  /** Calls that each run made. */
  readonly made = new Map<string, number>();

  /** The same double, whose calls wait for the turns of `run`. */
  of<T extends object>(run: string, store: T): T {
    return new Proxy(store, {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof name !== 'string' || typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await new Promise<void>((resolve) => {
            this.waiting.set(run, [...(this.waiting.get(run) ?? []), resolve]);
          });
          this.made.set(run, (this.made.get(run) ?? 0) + 1);
          return Reflect.apply(member, target, args);
        };
      },
    });
  }

  /** Starts all runs and gives turns until they have ended; a turn for a run that has none goes to another. */
  async drive(runs: Readonly<Record<string, () => Promise<unknown>>>, order: Iterator<string>): Promise<void> {
    const names = Object.keys(runs);
    const ended = Promise.all(
      names.map(async (name) => {
        this.running += 1;
        await runs[name]?.();
        this.running -= 1;
      }),
    );
    for (await setImmediate(); this.running > 0; await setImmediate()) {
      const wanted = String(order.next().value);
      const name =
        (this.waiting.get(wanted) ?? []).length > 0 ? wanted : names.find((one) => this.waiting.get(one)?.[0]);
      const [first, ...rest] = this.waiting.get(name ?? '') ?? [];
      // Nothing waits: a run died, and its rejection says why.
      if (name === undefined || first === undefined) break;
      this.waiting.set(name, rest);
      first();
    }
    await ended;
  }
}
