import type { FacilityRetentionView } from '../../contracts/audit.ts';
import { type CameraDay, type CameraDuty, cameraDays } from '../../domain/camera-days.ts';
import type { CameraFacts } from '../../domain/camera-facts.ts';
import { writeInstant } from '../../domain/instants.ts';
import { requiredInterval } from '../../domain/retention.ts';
import { type Completeness, type Depth, retentionAnswers } from '../../domain/retention-answers.ts';
import { secondsThatAddUp } from './seconds-that-add-up.ts';

type CameraView = FacilityRetentionView['cameras'][number];
export type DayStates = NonNullable<CameraView['days'][number]['states']>;
export type Answers = CameraView['answers'];

const sum = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((all, one) => all + one, 0);

const owedSeconds = (ms: Completeness['ms']) =>
  secondsThatAddUp([
    ['heldSeconds', ms.held],
    ['heldLateSeconds', ms['held-late']],
    ['onHoldSeconds', ms['on-hold']],
    ['lostSeconds', ms.lost],
    ['declaredSeconds', ms.declared],
    ['unknownSeconds', ms.unknown],
  ]);

const statesOf = ({ ms }: CameraDay): DayStates => {
  const owed = owedSeconds(ms);
  const others = secondsThatAddUp([
    ['notYetDueSeconds', ms['not-yet-due']],
    ['noLongerDueSeconds', ms['no-longer-due']],
  ]);
  return { requiredSeconds: sum(owed), ...owed, ...others };
};

/** Every listed local day of a camera, whole, state by state. */
export const dayStates = (
  duty: CameraDuty,
  facts: CameraFacts,
  days: readonly string[],
): ReadonlyMap<string, DayStates> =>
  new Map(cameraDays(duty, facts, days).map((day) => [day.day, statesOf(day)] as const));

const depthView = (depth: Depth): Answers['depth'] =>
  depth.is === 'unknown'
    ? { is: depth.is }
    : {
        is: depth.is,
        oldestRetrievableAt: writeInstant(depth.oldestRetrievableAtMs),
        lastReportedAt: writeInstant(depth.lastReceivedAtMs),
      };

/** Depth, completeness and provenance of all of which recordings must be held now. */
export const answersOf = (duty: CameraDuty, facts: CameraFacts): Answers => {
  const required = requiredInterval(duty.camera, duty.facility, duty.pack, duty.nowMs);
  const { depth, completeness, provenance } = retentionAnswers(duty, facts, required);
  const owed = owedSeconds(completeness.ms);
  return {
    depth: depthView(depth),
    completeness: { requiredSeconds: sum(owed), ...owed },
    provenance: secondsThatAddUp([
      ['inTimeSeconds', provenance.inTimeMs],
      ['undatedSeconds', provenance.undatedMs],
      ['lateSeconds', provenance.lateMs],
      ['claimedSeconds', provenance.claimedMs],
      ['nobodySeconds', provenance.nobodyMs],
    ]),
  };
};
