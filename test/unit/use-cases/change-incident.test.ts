import { expect, it } from 'vitest';
import type { Incident } from '../../../shared/domain/incident.ts';
import { save } from '../../../shared/domain/incidents/decision.ts';
import { openTechnical } from '../../../shared/domain/incidents/open.ts';
import { withStep } from '../../../shared/domain/incidents/steps.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { changeIncident } from '../../../shared/use-cases/change-incident.ts';
import { failAt, failing, memoryIncidentStore, memoryRecordStore } from '../../support/memory-stores.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

const NOW_MS = at('10:00:00');
const sun = nursery('sun');

/** Its timeline has a step for each number up to the last one. */
const withSteps = (incident: Incident, last: number): Incident =>
  Array.from({ length: last - incident.steps.length + 1 }).reduce<Incident>(
    (before) => withStep(before, NOW_MS, 'climbed', 'watch', 'no-answer'),
    incident,
  );

const opened = withSteps(
  openTechnical(
    { rule: 'monitoring-running', subject: 'box/b1', finding: 'breached', reason: 'no-beat', sinceMs: NOW_MS },
    sun,
    packFor(sun, NOW_MS),
    NOW_MS,
  ),
  9,
);

it('a crash around flushing and trimming leaves each step of the timeline once, in the head or in the records', async () => {
  const points = [1, 2].flatMap((write) => [
    { at: write, when: 'before' as const },
    { at: write, when: 'after' as const },
  ]);
  for (const point of points) {
    const incidents = memoryIncidentStore();
    const records = memoryRecordStore();
    await incidents.putIfAbsent(opened);
    const running = failAt({ ...point, dies: true });
    const dying = { incidents: failing(incidents, running), records: failing(records, running) };
    const decide = (read: Incident) => save(withStep(read, NOW_MS, 'climbed', 'watch', 'no-answer'), 'climbed');
    await expect(changeIncident(dying, opened.id, decide)).rejects.toThrow();
    expect(running.fired).toBe(true);
    // Whoever comes next decides again on what is there.
    await changeIncident({ incidents, records }, opened.id, decide);
    const head = (await incidents.read(opened.id))?.steps ?? [];
    const kept = await records.readSteps('sun', opened.id);
    expect(head.length).toBe(10);
    const timeline = new Map([...kept, ...head].map((step) => [step.n, step]));
    const last = head.at(-1)?.n ?? 0;
    expect([...timeline.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: last + 1 }, (_, n) => n));
  }
});
