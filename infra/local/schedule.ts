import { randomUUID } from 'node:crypto';
import type { Invoked, LocalFunction } from './functions.ts';
import type { RuleSpec } from './model.ts';
import { localAccount, TemplateError } from './template.ts';

export interface Schedule {
  /** Fires a rule, or every rule of a function, now; answers how each of its functions ended. */
  fire(ruleOrFunction: string): Promise<readonly Invoked[]>;
  stop(): void;
}

export interface ScheduleOptions {
  readonly rules: readonly RuleSpec[];
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Fired by real time when `running`; only by `fire` when `by-hand`. */
  readonly mode: 'running' | 'by-hand';
  readonly now: () => number;
}

/** The scheduled rules of the template. The first firing is at the start; the period runs in real time,
 * whatever the shifted clock shows. */
export const startSchedule = ({ rules, functions, mode, now }: ScheduleOptions): Schedule => {
  const eventOf = (rule: RuleSpec): unknown =>
    rule.input ?? {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: localAccount.accountId,
      time: new Date(now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      region: localAccount.region,
      resources: [rule.arn],
      detail: {},
    };
  const run = (rule: RuleSpec): Promise<Invoked[]> => {
    const event = eventOf(rule);
    return Promise.all(rule.functionIds.flatMap((id) => functions.get(id)?.invokeAsync(event) ?? []));
  };
  const start = (rule: RuleSpec): NodeJS.Timeout => {
    // The cloud, too, may fire a rule right after it was made; here it saves whoever looks on the first minute.
    void run(rule);
    return setInterval(() => void run(rule), rule.everyMs);
  };
  const timers = mode === 'running' ? rules.map(start) : [];
  return {
    async fire(name) {
      const chosen = rules.filter(
        (rule) => rule.logicalId === name || rule.functionIds.some((id) => isNamed(functions.get(id), name)),
      );
      if (chosen.length === 0)
        throw new TemplateError(name, 'is neither a rule nor a scheduled function of this template');
      return (await Promise.all(chosen.map(run))).flat();
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
};

/** A function is found by its logical id, its name, or the service name that its folder gives it. */
export const isNamed = (found: LocalFunction | undefined, name: string): boolean =>
  found !== undefined &&
  [found.spec.logicalId, found.spec.name, found.spec.environment.POWERTOOLS_SERVICE_NAME].includes(name);
