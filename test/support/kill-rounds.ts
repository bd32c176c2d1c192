import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import type { BoxIdentity } from '../../box/signer.ts';
import type { Stream, WireReport } from '../../box/streams.ts';
import { assembleStack, type KeptAssembly } from '../../infra/local/assembly.ts';
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts';
import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { DeliveryList } from '../../shared/contracts/desk-deliveries.ts';
import { alarm, beat, enrol, nurseryBody, type PublicStack, send, sent, signIn } from './outside.ts';

const facilityId = 'killed-nursery';

interface Accepted {
  readonly stream: Stream;
  readonly report: WireReport;
}

interface Running extends PublicStack {
  readonly child: ChildProcess;
}

const start = async ({ assemblyDir, templatePath }: KeptAssembly, dataDir: string): Promise<Running> => {
  const script = path.join(import.meta.dirname, 'killable-stack.ts');
  const child = spawn(process.execPath, [script, assemblyDir, templatePath, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...(JSON.parse(line) as PublicStack), child };
  }
  throw new Error(`the stack ended before it was ready (${child.exitCode})`);
};

const kill = async ({ child }: Running): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

const check = (nowMs: number): WireReport => ({
  id: uuidv7(),
  time: new Date(nowMs).toISOString(),
  class: 'small',
  session: 'noon',
  day: new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 10),
  present: 10,
  absent: 0,
  checked: 10,
  findings: [],
});

const log = (nowMs: number): WireReport => ({
  id: uuidv7(),
  time: new Date(nowMs).toISOString(),
  kind: 'disinfection',
  doneAt: new Date(nowMs).toISOString(),
  counts: {},
});

/** Sends one report after another until the stack is gone; what was accepted is owed from then on. */
const burst = async (
  stack: Running,
  box: BoxIdentity,
  seq: { next: number },
  accept: (report: Accepted) => void,
): Promise<void> => {
  const makers: (() => [Stream, WireReport])[] = [
    () => ['heartbeats', beat(seq.next++, Date.now())],
    () => ['alarms', alarm('panic', Date.now())],
    () => ['checks', check(Date.now())],
    () => ['logs', log(Date.now())],
  ];
  const lane = async (offset: number): Promise<void> => {
    for (let n = offset; ; n += 1) {
      const [stream, report] = (makers[n % makers.length] as () => [Stream, WireReport])();
      const outcome = await send(stack, box, stream, [report]);
      if (outcome.is === 'try-later' && stack.child.killed) return;
      if (outcome.is === 'not-trusted' || outcome.is === 'refused') throw new Error(`${stream}: ${outcome.why}`);
      if (outcome.is === 'answered' && outcome.results[0]?.result === 'accepted') accept({ stream, report });
    }
  };
  // One lane for what is sequenced with the rest beside it, as a box has them.
  await Promise.all([lane(0), lane(1)]);
};

/** Notice ids that the ledger queue got: what SNS really took. */
const ledgerOf = async (stack: LocalStack): Promise<ReadonlySet<string>> => {
  const queue = stack.names.queues.find((name) => /ledger/i.test(name) && !/dead/i.test(name));
  if (queue === undefined) throw new Error(`no ledger queue among ${stack.names.queues.join(', ')}`);
  const endpoint = await stack.clients.sqs.config.endpoint?.();
  const url = `${endpoint?.protocol}//${endpoint?.hostname}:${endpoint?.port}/000000000000/${queue}`;
  const ids = new Set<string>();
  for (;;) {
    const { Messages = [] } = await stack.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    if (Messages.length === 0) return ids;
    for (const { Body } of Messages) {
      const envelope = JSON.parse(Body ?? '{}') as { MessageAttributes?: { notice?: { Value?: string } } };
      ids.add(envelope.MessageAttributes?.notice?.Value ?? '');
    }
  }
};

const expectKept = async (stack: PublicStack, box: BoxIdentity, accepted: readonly Accepted[]): Promise<void> => {
  for (const { stream, report } of accepted) {
    const [again] = await sent(stack, box, stream, [report]);
    expect(['duplicate', 'superseded'], `${stream} ${report.id} was accepted before the kill`).toContain(again);
  }
};

/** Each owed notice is in the ledger, and `deliver-notices`, which never ran while we killed, got it out of its queue. */
const expectTold = async (stack: LocalStack, alarms: readonly Accepted[]): Promise<void> => {
  const officer = await signIn(stack, { role: 'officer', department: 'police', division: '3212' });
  const ledger = await ledgerOf(stack);
  await stack.drain('deliver-notices');
  for (const { report } of alarms) {
    const id = encodeURIComponent(`${facilityId}~alarm~box-1~${report.id}`);
    const { status, body } = await officer.call<IncidentView>('GET', `/v1/desk/incidents/${id}`);
    expect(status, `incident of ${report.id}`).toBe(200);
    expect(body.notices.owed).toEqual([]);
    const owed = body.ladder[0]?.recipients.map(({ id: department }) => department) ?? [];
    expect(owed.length).toBeGreaterThan(0);
    const { items } = (await officer.call<DeliveryList>('GET', `/v1/desk/incidents/${id}/deliveries`)).body;
    for (const department of owed) {
      const isOwed = (notice: string): boolean => notice.startsWith(`${body.id}/0/${department}/opened`);
      expect([...ledger].some(isOwed), `${department} was told of ${body.id}`).toBe(true);
      expect(
        items.some(({ notice }) => isOwed(notice)),
        `${department} of ${body.id} has a delivery`,
      ).toBe(true);
    }
  }
};

/**
 * Kills the stack `rounds` times during a burst of reports and sweeps, then asks it for everything that it had
 * accepted and for every notice that it owed. Each kill falls within `longestBurstMs` after the round's first alarm
 * was accepted, however slow the machine is.
 */
export const killRounds = async (rounds: number, seed: number, longestBurstMs: number): Promise<void> => {
  console.log(`kill rounds: ${rounds}, seed ${seed}`);
  const delays = fc.sample(fc.integer({ min: 5, max: longestBurstMs }), { seed, numRuns: rounds });
  const assembly = await assembleStack();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'cradlewatch-kill-'));
  const accepted: Accepted[] = [];
  const seq = { next: 1 };
  try {
    const first = await start(assembly, dataDir);
    const body = nurseryBody({ classes: [{ id: 'small', children: 10 }] });
    const box = await enrol(first, facilityId, body);
    await kill(first);
    for (const delayMs of delays) {
      const stack = await start(assembly, dataDir);
      const firstAlarm = Promise.withResolvers<void>();
      const ended = burst(stack, box, seq, (report) => {
        accepted.push(report);
        if (report.stream === 'alarms') firstAlarm.resolve();
      });
      await Promise.race([firstAlarm.promise, ended]);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await kill(stack);
      await ended;
    }
    const stack = await startLocalStack({ ...assembly, dataDir, schedules: 'by-hand', clock: { offsetMs: 0 } });
    try {
      // What was not published before a kill is owed by the incident; retries wait at most five minutes.
      for (let sweep = 0; sweep < 3; sweep += 1) {
        stack.setClock({ offsetMs: sweep * 301_000 });
        await stack.fire('watch');
      }
      stack.setClock({ offsetMs: 0 });
      const alarms = accepted.filter(({ stream }) => stream === 'alarms');
      console.log(`accepted: ${accepted.length} reports, ${alarms.length} of them alarms`);
      expect(alarms.length).toBeGreaterThanOrEqual(rounds);
      await expectTold(stack, alarms);
      await expectKept(stack, box, accepted);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
};
