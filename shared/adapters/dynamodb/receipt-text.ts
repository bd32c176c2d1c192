import type { IncidentState } from '../../domain/incident.ts';
import type { AlarmReceipt } from '../../domain/notices/alarm-receipt.ts';
import { SECOND_MS } from '../../domain/time.ts';

/*
 * Two receipts stand in the row of a box, which must stay under 1 KB: about 160 bytes each at most. They sort by
 * opening, and those of one alarm by revision, so that a condition on the text alone keeps the newest.
 *
 * `mwm1x8sg|AZTQ9gAAcACAAAAAAAAAAA|0000c|a|5|4|public-security:1o,fire-rescue:2s`: opened, report, revision, state,
 * published, delivered, who has seen it how many seconds after the opening.
 */
const INSTANT_LENGTH = 8;
const REVISION_LENGTH = 5;

const letters: Readonly<Record<IncidentState, string>> = { open: 'o', answered: 'a', closed: 'c' };
const states = Object.fromEntries(Object.entries(letters).map(([state, letter]) => [letter, state as IncidentState]));

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PACKED_LENGTH = 22;

/** 22 characters instead of 36. */
const packed = (id: string): string =>
  uuid.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url') : id;

const unpacked = (text: string): string => {
  if (text.length !== PACKED_LENGTH) return text;
  const hex = Buffer.from(text, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

const padded = (n: number, length: number): string => n.toString(36).padStart(length, '0');

/** What begins every receipt of one alarm. */
export const receiptPrefix = ({ openedAtMs, reportId }: Pick<AlarmReceipt, 'openedAtMs' | 'reportId'>): string =>
  `${padded(openedAtMs, INSTANT_LENGTH)}|${packed(reportId)}|`;

export const receiptText = (receipt: AlarmReceipt): string => {
  const { openedAtMs, revision, state, published, delivered, seenBy } = receipt;
  const seen = seenBy.map(({ department, atMs }) => {
    const seconds = Math.max(0, Math.round((atMs - openedAtMs) / SECOND_MS));
    return `${department}:${seconds.toString(36)}`;
  });
  const rest = [padded(revision, REVISION_LENGTH), letters[state], published, delivered, seen.join(',')];
  return `${receiptPrefix(receipt)}${rest.join('|')}`;
};

export const receiptFrom = (text: string): AlarmReceipt => {
  const [opened = '', id = '', revision = '', state = '', published = '', delivered = '', seen = ''] = text.split('|');
  const is = states[state];
  if (is === undefined) throw new Error(`not a receipt: ${text}`);
  const openedAtMs = Number.parseInt(opened, 36);
  const seenBy = seen.split(',').filter((one) => one !== '');
  return {
    reportId: unpacked(id),
    openedAtMs,
    revision: Number.parseInt(revision, 36),
    state: is,
    published: Number(published),
    delivered: Number(delivered),
    seenBy: seenBy.map((one) => {
      const [department = '', seconds = ''] = one.split(':');
      return { department, atMs: openedAtMs + Number.parseInt(seconds, 36) * SECOND_MS };
    }),
  };
};
