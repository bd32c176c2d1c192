import type { AlarmReport } from '../../../shared/domain/reports.ts';
import type { AlarmStore } from '../../../shared/ports/alarm-store.ts';
import type { KeptReport } from '../../../shared/ports/record-store.ts';
import { logged } from './calls.ts';
import { putOnce } from './records.ts';

/** Keys and records of alarms in memory. `kept`: `<facility>/<box>/<id>` → record. */
export const memoryAlarmStore = (): AlarmStore & { readonly kept: Map<string, KeptReport<unknown>> } => {
  const keys = new Set<string>();
  const kept = new Map<string, KeptReport<unknown>>();
  return logged({
    kept,
    isKeyLive: async (facilityId, box, key) => keys.has(`${facilityId}/${box}/${key}`),
    putKey: async (facilityId, box, key) => {
      keys.add(`${facilityId}/${box}/${key}`);
    },
    removeKey: async (facilityId, box, key) => {
      keys.delete(`${facilityId}/${box}/${key}`);
    },
    read: async (facilityId, box, id) =>
      structuredClone(kept.get(`${facilityId}/${box}/${id}`)) as KeptReport<AlarmReport> | undefined,
    put: async (facilityId, box, next) => putOnce(kept, `${facilityId}/${box}/${next.report.id}`, next),
  } satisfies AlarmStore & { readonly kept: Map<string, KeptReport<unknown>> });
};
