import * as z from 'zod';
import { objectionReasons } from '../domain/objection.ts';
import { pageOf, pageQuery } from './page.ts';
import { sheetFormat } from './sheet-format.ts';
import { ownId } from './windows.ts';
import { divisionPrefix, facilityId, instant, localDay, shortId } from './wire.ts';

const format = sheetFormat.exactOptional();
const word = z.string().max(100);

/** What a facility says against what the records show. Codes only: no free text could be kept from naming a child. */
export const objectionBody = z.strictObject({
  id: ownId,
  reason: z.enum(objectionReasons),
  /** Of which time it speaks: at most 100 days, none of it in the future. */
  from: instant,
  to: instant,
  /** Absent = of every camera. */
  camera: shortId.exactOptional(),
  /** The incident that it is about. */
  incident: z.string().min(1).max(300).exactOptional(),
  /** Number of the paper that shows it, such as the notice of a power cut: capital letters, digits, `-` and `/`. */
  document: z
    .string()
    .regex(/^[A-Z0-9](?:[A-Z0-9/-]{0,38}[A-Z0-9])?$/)
    .exactOptional(),
});
export type ObjectionBody = z.infer<typeof objectionBody>;

/** Without `incident` for whoever may not read that incident. */
export const objectionView = objectionBody.extend({
  receivedAt: instant,
  /** Local days of the facility that it touches. */
  firstDay: localDay,
  lastDay: localDay,
  /** Salted id of who attached it. */
  person: z.string().max(64),
});
export type ObjectionView = z.infer<typeof objectionView>;

export const objectionsQuery = pageQuery.extend({ format });
export type ObjectionsQuery = z.infer<typeof objectionsQuery>;
/** The latest first. */
export const objectionPage = pageOf(objectionView).extend({ facility: facilityId });
export type ObjectionPage = z.infer<typeof objectionPage>;

/** Accesses of auditors, at most 400 days. Absent = the last 30 days. */
const accessRange = pageQuery.extend({ from: instant.exactOptional(), to: instant.exactOptional(), format });
export const facilityAccessesQuery = accessRange;
export type FacilityAccessesQuery = z.infer<typeof facilityAccessesQuery>;
export const accessesQuery = accessRange.extend({ division: divisionPrefix.exactOptional() });
export type AccessesQuery = z.infer<typeof accessesQuery>;

export const accessView = z.strictObject({
  at: instant,
  /** Salted id of the auditor: the same person has the same id. */
  person: z.string().max(64),
  /** Which question was asked. */
  question: word,
  /** About one facility, or about all of a division. */
  facility: facilityId.exactOptional(),
  division: z.string().max(12),
  /** What of it: area, interval, instant, as they were asked; of a facility the incident only for whoever may read it. */
  asked: z.record(word, z.string().max(512)),
});
export type AccessView = z.infer<typeof accessView>;
/** The latest first. */
export const accessPage = pageOf(accessView);
export type AccessPage = z.infer<typeof accessPage>;
