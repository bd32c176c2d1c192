import { addDays } from '../../domain/civil-day.ts';
import { verifyDayTree } from '../../evidence/day-tree.ts';
import { parseLeavesFile } from '../../evidence/leaves-file.ts';
import { leafHash } from '../../evidence/merkle.ts';
import { parseStatement, requireNextOf, type Statement } from '../../evidence/statement.ts';
import type { LogHead, SealedDay } from '../../ports/sealed-store.ts';
import { inParallel } from '../in-parallel.ts';
import { broken, onDay } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';

/** Before every log of ours. */
const FIRST_DAY = '1970-01-01';
/** Days of one facility that are read at the same time. */
const AT_ONCE = 4;
/**
 * The index of every day is verified each time. The objects of days that were verified before are read once in so many
 * days: they lie under a lock, and reading years of them each day would cost more than all the rest.
 */
export const OBJECTS_EVERY_DAYS = 30;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The days of the log in their order, none missing and none too many. Throws `dropped-leaf`, `added-leaf` or `rewritten-day`. */
export const daysOf = async (
  { logs }: Pick<VerifierStores, 'logs'>,
  facility: string,
  { range, lastDay = FIRST_DAY, last }: LogHead,
): Promise<readonly SealedDay[]> => {
  const days = await logs.days(facility, FIRST_DAY, lastDay);
  const [first] = days;
  for (const [at, { day, number }] of days.entries()) {
    const due = addDays(first?.day ?? day, at);
    if (day !== due || number > at) broken('dropped-leaf', `The day ${due} is missing in the log of ${facility}.`, due);
    if (number < at) broken('rewritten-day', `${day} says number ${number}, and is leaf ${at} of the log.`, day);
  }
  const newest = days.at(-1);
  if (days.length < range.size) {
    broken('dropped-leaf', `Days counted when they were sealed: ${range.size}. There now: ${days.length}.`, lastDay);
  }
  if (days.length > range.size) {
    broken('added-leaf', `Days counted when they were sealed: ${range.size}. There now: ${days.length}.`, lastDay);
  }
  if (newest?.day !== lastDay || newest.statement !== last) {
    broken('rewritten-day', `The statement of ${lastDay} is not the one that the log was closed with.`, lastDay);
  }
  return days;
};

/** A day whose objects were read. */
export interface ReadDay {
  readonly statement: Statement;
  readonly leaves: readonly Uint8Array[];
}

export const objectOf = async (
  { sealed }: Pick<VerifierStores, 'sealed'>,
  address: string,
  what: string,
): Promise<Uint8Array> => (await sealed.read(address)) ?? broken('dropped-leaf', `The object of the ${what} is gone.`);

const readDay = async (
  stores: Pick<VerifierStores, 'sealed'>,
  sealed: SealedDay,
  before: SealedDay | undefined,
): Promise<ReadDay> => {
  const { facility, day, number } = sealed;
  const bytes = await objectOf(stores, sealed.statement, 'statement');
  if (hexOf(leafHash(bytes)) !== sealed.leafHash) {
    broken('rewritten-day', 'The statement is not the one whose hash is in the log.');
  }
  const statement = parseStatement(bytes);
  if (statement.facility !== facility) {
    broken('wrong-origin', `There is a statement of ${statement.facility} in the log of ${facility}.`);
  }
  if (statement.day !== day || statement.number !== number) {
    broken('rewritten-day', `In its place stands statement ${statement.number} of ${statement.day}.`);
  }
  if (before !== undefined) requireNextOf({ ...before, address: before.statement }, statement);
  const leaves = sealed.leaves === undefined ? [] : parseLeavesFile(await objectOf(stores, sealed.leaves, 'records'));
  verifyDayTree(statement, leaves, {
    size: statement.received.size,
    root: Buffer.from(statement.received.root, 'hex'),
  });
  return { statement, leaves };
};

/** Reads and verifies the objects of these places of the log, and answers the day of the last place. */
export const readDays = async (
  stores: Pick<VerifierStores, 'sealed'>,
  days: readonly SealedDay[],
  isDue: (number: number) => boolean,
): Promise<ReadDay | undefined> => {
  let newest: ReadDay | undefined;
  const due = days.filter(({ number }) => number === days.length - 1 || isDue(number));
  await inParallel(due, AT_ONCE, async (one) => {
    const read = await onDay(one.day, () => readDay(stores, one, days[one.number - 1]));
    if (one.number === days.length - 1) newest = read;
  });
  return newest;
};
