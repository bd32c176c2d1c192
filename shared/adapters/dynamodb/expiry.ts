import { CANARY } from '../../domain/incident.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Item } from './engine.ts';

/** How long it must be possible to say who was told: a year, and a month in which to ask. */
export const TOLD_DAYS = 400;
/** Reports as they came, and what is listed of them: what is under seal of them is kept as long. */
export const REPORT_DAYS = 400;
/**
 * Hours of cameras as they came: the longest retention and a month. They are by far the most reports; what is judged lies
 * in the days of film, and the request under seal says the same to the byte. Only repeats are told by them, and
 * `npm run recompute` judges anew from them.
 */
export const RECORDING_DAYS = 120;
/** Three years: gaps, incidents that are over, and logs, since some duties come round in more than one. */
export const HISTORY_DAYS = 1_096;
/** The canary rings every few minutes, and nobody asks after one of the day before yesterday. */
export const CANARY_DAYS = 2;

/**
 * The attribute by which the engine deletes an item some time after so many days, in whole seconds. Nothing may rest on
 * an item being gone by then, nor on its being there still.
 */
export const expiring = (fromMs: number, days: number): Item => ({
  expiresAt: Math.ceil((fromMs + days * DAY_MS) / 1_000),
});

/** Of the history of a facility; the canary is none. */
export const expiringAsHistory = (facilityId: string, fromMs: number): Item =>
  expiring(fromMs, facilityId === CANARY ? CANARY_DAYS : HISTORY_DAYS);

/** Of what says who was told of an incident. An incident's id begins with its facility's. */
export const expiringAsTold = (incidentId: string, fromMs: number): Item =>
  expiring(fromMs, incidentId.startsWith(`${CANARY}~`) ? CANARY_DAYS : TOLD_DAYS);
