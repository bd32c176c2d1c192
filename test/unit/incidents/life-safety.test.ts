import { describe, expect, it } from 'vitest';
import type { Facility, FacilityState } from '../../../shared/domain/facility.ts';
import { alarmIncidentId, LARGEST_INCIDENT_BYTES, lifeSafetyKinds } from '../../../shared/domain/incident.ts';
import { climb } from '../../../shared/domain/incidents/climb.ts';
import { closeBySweep } from '../../../shared/domain/incidents/end.ts';
import { openAlarm, UNKNOWN_DIVISION } from '../../../shared/domain/incidents/open.ts';
import { claimDue, dueNotices, markPublished } from '../../../shared/domain/incidents/outbox.ts';
import { closeByPerson } from '../../../shared/domain/incidents/people.ts';
import { type AlarmReport, alarmKinds } from '../../../shared/domain/reports.ts';
import { packs } from '../../../shared/rule-packs/index.ts';
import { nursery } from '../../support/nursery.ts';
import { at } from '../../support/timeline.ts';

/** In the middle of a Saturday night, when nothing but life safety may ring. */
const NIGHT_MS = at('02:30:00', '2026-03-07');

const states: readonly FacilityState[] = [
  { is: 'commissioning' },
  { is: 'in-service', sinceMs: 0 },
  { is: 'suspended', sinceMs: 0, authority: 'health', reason: 'repairs', untilMs: NIGHT_MS * 2 },
  { is: 'closed', sinceMs: 0 },
];
const facilities: readonly (Facility | undefined)[] = [undefined, ...states.map((state) => nursery('sun', { state }))];

const open = (over: Partial<AlarmReport>, facility: Facility | undefined, pack: (typeof packs)[number]) =>
  openAlarm(
    { id: 'press-1', timeMs: NIGHT_MS, kind: 'panic', confirmed: 'unknown', drill: false, ...over },
    'digest',
    { facilityId: 'sun', box: 'b1', key: 'key', createdMs: NIGHT_MS, receivedMs: NIGHT_MS },
    facility,
    pack,
  );

describe('nothing silences life safety', () => {
  const cases = packs.flatMap((pack) =>
    [...lifeSafetyKinds].flatMap((kind) => facilities.map((facility) => ({ pack, kind, facility }))),
  );

  it.each(cases)(
    '$kind under $pack.name, whatever hour, state, drill flag, age or doubt',
    ({ pack, kind, facility }) => {
      for (const drill of [true, false]) {
        for (const confirmed of ['yes', 'no', 'unknown'] as const) {
          for (const ageMs of [0, 80 * 86_400_000]) {
            const incident = open({ kind, drill, confirmed, ageMs }, facility, pack);
            expect(incident).toMatchObject({ lane: 'life-safety', state: 'open' });
            const { act, copy } = pack.hazards[pack.alarms[kind]] ?? { act: [], copy: [] };
            const told = dueNotices(incident, NIGHT_MS).map(({ recipient }) => recipient.department);
            expect(act.length).toBeGreaterThan(0);
            expect(told).toEqual(expect.arrayContaining([...act, ...copy]));
            expect(told.includes('facility')).toBe(kind !== 'abuse');
          }
        }
      }
    },
  );

  it.each(cases)('$kind under $pack.name stays within 8 KB with all that was told', ({ pack, kind, facility }) => {
    let incident = open({ kind }, facility, pack);
    for (let repeat = 0; repeat < 6; repeat += 1) {
      const nowMs = NIGHT_MS + repeat * pack.thresholds.answerWithinMs.value;
      const { incident: claimed, claimed: notices } = claimDue(climb(incident, nowMs).incident, nowMs);
      incident = markPublished(claimed, notices, nowMs, 'watch');
    }
    expect(incident.ladder.every(({ enteredAtMs }) => enteredAtMs !== undefined)).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThan(LARGEST_INCIDENT_BYTES);
  });

  it('is closed by nobody but a person, and what is owed still goes out then', () => {
    const [pack] = packs;
    if (pack === undefined) throw new Error('no pack');
    const incident = open({}, nursery('sun'), pack);
    expect(closeBySweep(incident, 'met-again', NIGHT_MS, NIGHT_MS)).toMatchObject({
      does: 'nothing',
      reason: 'alarm-needs-a-person',
    });
    const closed = closeByPerson(incident, 'https://id.example.com|1', 'false-alarm', NIGHT_MS).incident;
    expect(closed.state).toBe('closed');
    expect(closed.outbox).toEqual(incident.outbox);
  });
});

describe('an alarm', () => {
  const pack = packs.find(({ name }) => name === 'taizhou');
  if (pack === undefined) throw new Error('no Taizhou');

  it('has the id of its report, so that putting it twice is putting it once', () => {
    expect(open({}, nursery('sun'), pack).id).toBe(alarmIncidentId('sun', 'b1', 'press-1'));
  });

  it('of a nursery that is not registered has no division, and goes out', () => {
    expect(open({}, undefined, pack)).toMatchObject({ division: UNKNOWN_DIVISION });
    expect(open({}, undefined, pack).outbox.length).toBeGreaterThan(1);
  });

  it('of every kind has a hazard and somebody who is told', () => {
    for (const one of packs) {
      for (const kind of alarmKinds) expect(open({ kind }, nursery('sun'), one).outbox.length).toBeGreaterThan(0);
    }
  });
});
