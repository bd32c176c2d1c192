import type { Clock } from '../../shared/ports/clock.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';

/** Everything that taking an answer works with. */
export interface AnswerDeps {
  readonly incidents: Pick<IncidentStore, 'read' | 'save'>;
  readonly clock: Clock;
}
