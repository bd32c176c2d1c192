import { setImmediate } from 'node:timers/promises';
import { type SealingKey, sealHour } from '../../../box/challenges.ts';
import { recorderOf } from '../../../box/fleet/demo-box.ts';
import { DEMO_ZONE, type Nursery, type Part } from '../../../box/fleet/nurseries.ts';
import type { SliceReader } from '../../../box/recorder.ts';
import type { SimulatedRecorder } from '../../../box/simulated-recorder.ts';
import { KEY_ZONE, sealingKeyAt } from '../../../shared/domain/challenges/key-month.ts';
import { civilDayOf } from '../../../shared/domain/civil-day.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import type { HeldDay } from '../../../shared/domain/held-day.ts';
import type { RecordingReport } from '../../../shared/domain/reports.ts';
import { takeHour } from '../../../shared/domain/take-recording.ts';
import { HOUR_MS, hourFrom, MINUTE_MS } from '../../../shared/domain/time.ts';
import type { PublishedKey, SealedToken } from '../../../shared/ports/challenge-store.ts';
import type { Plan } from './plan.ts';
import type { PastStores } from './stores.ts';

/** A box tells an hour so long after its end. */
const TOLD_AFTER_MS = MINUTE_MS;

/** A recorder whose clock is set by hand. */
export interface ThenRecorder {
  readonly recorder: SimulatedRecorder;
  readonly at: (ms: number) => SimulatedRecorder;
}

export const recorderThen = (nursery: Nursery, { cameras }: Facility, startMs: number): ThenRecorder => {
  let nowMs = startMs;
  const recorder = recorderOf(nursery, cameras, () => nowMs);
  return {
    recorder,
    at: (ms) => {
      nowMs = ms;
      return recorder;
    },
  };
};

/** Whose recorders gave the very bytes that they stored, so that each hour was sealed; the others' said only what is there. */
const sealing: readonly Part[] = ['box-that-lies', 'new-camera'];
export const isSealed = ({ part }: Nursery): boolean => sealing.includes(part);

const reportOf = (nursery: Nursery, recorder: SimulatedRecorder, camera: string, hourMs: number): RecordingReport => {
  const oldestRetrievableAtMs = recorder.oldestRetrievableAtMs(camera);
  return {
    id: `${camera}@${hourMs}`,
    timeMs: hourMs + HOUR_MS + TOLD_AFTER_MS,
    camera,
    hourMs,
    recorded: recorder.recorded(camera, hourFrom(hourMs)),
    ...(oldestRetrievableAtMs !== undefined && { oldestRetrievableAtMs }),
    challenge: isSealed(nursery) ? { mode: 'byte-stable', token: '' } : { mode: 'presence-only' },
  };
};

/** The days of one camera, merged hour by hour as `receive-recordings` merges them. */
const daysOf = (nursery: Nursery, { at }: ThenRecorder, camera: string, fromMs: number, untilMs: number): HeldDay[] => {
  const days = new Map<string, HeldDay>();
  for (let hourMs = fromMs; hourMs < untilMs; hourMs += HOUR_MS) {
    const receivedMs = hourMs + HOUR_MS + TOLD_AFTER_MS;
    const report = reportOf(nursery, at(receivedMs), camera, hourMs);
    const day = civilDayOf(hourMs, DEMO_ZONE);
    const merged = takeHour(days.get(day), { report, receivedMs, isRepeat: false }, day);
    if (merged !== undefined) days.set(day, merged);
  }
  return [...days.values()];
};

/** Puts what each camera held on each day; putting them again changes nothing. */
export const putFilm = async (
  { bulk }: PastStores,
  nursery: Nursery,
  facility: Facility,
  { filmFromMs, untilMs }: Plan,
): Promise<void> => {
  const then = recorderThen(nursery, facility, filmFromMs);
  for (const { id, installedAtMs } of facility.cameras) {
    const fromMs = Math.max(filmFromMs, Math.ceil(installedAtMs / HOUR_MS) * HOUR_MS);
    const days = daysOf(nursery, then, id, fromMs, untilMs);
    for (const day of days) await bulk.saveHeldDay(facility.id, day, undefined);
  }
  await bulk.written();
};

/** The box reads a slice again to see whether its bytes stay: those of a simulated recorder do, and hashing them costs. */
const readOnce = (recorder: SimulatedRecorder): SliceReader => {
  let read: ReturnType<SliceReader['readSlice']> | undefined;
  return {
    stability: recorder.stability,
    readSlice: (camera, slice) => {
      read ??= recorder.readSlice(camera, slice);
      return read;
    },
  };
};

const keyAt = (keys: readonly PublishedKey[], atMs: number): SealingKey | undefined => {
  const key = sealingKeyAt(keys, atMs, KEY_ZONE);
  return key && { keyId: key.keyId, publicKey: Buffer.from(key.publicKey, 'base64url') };
};

/** Seals each hour as the box sealed it then: the liar's film was still there. */
export const putTokens = async (
  { challenges, bulk }: PastStores,
  nursery: Nursery,
  facility: Facility,
  { filmFromMs, untilMs }: Plan,
): Promise<void> => {
  const then = recorderThen(nursery, facility, filmFromMs);
  const keys = await challenges.publishedKeys();
  for (let hourMs = filmFromMs; hourMs < untilMs; hourMs += HOUR_MS) {
    const receivedAtMs = hourMs + HOUR_MS + TOLD_AFTER_MS;
    const to = keyAt(keys, receivedAtMs);
    if (to === undefined) throw new Error(`no key to seal to on ${new Date(hourMs).toISOString()}`);
    const tokens: SealedToken[] = [];
    for (const { id: camera, installedAtMs } of facility.cameras) {
      if (hourMs < installedAtMs) continue;
      const recorder = then.at(receivedAtMs);
      const subject = { facilityId: facility.id, camera, hourMs };
      const sealed = await sealHour(readOnce(recorder), subject, recorder.recorded(camera, hourFrom(hourMs)), to);
      if (sealed.is !== 'sealed') continue;
      const token = Buffer.from(sealed.token).toString('base64url');
      tokens.push({ facility: facility.id, camera, hourMs, stability: 'byte-stable', token, receivedAtMs });
    }
    await bulk.putTokens(tokens);
    // The proxy and the gateway live in this thread: others have their turn.
    await setImmediate();
  }
  await bulk.written();
};
