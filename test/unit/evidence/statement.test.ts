import { describe, expect, it } from 'vitest';
import { civilDayInterval } from '../../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { cameraHours, parseHours } from '../../../shared/evidence/camera-hours.ts';
import { canonicalBytes } from '../../../shared/evidence/canonical-json.ts';
import { emptyRoot } from '../../../shared/evidence/merkle.ts';
import {
  addressOf,
  parseStatement,
  requireNext,
  type Statement,
  type StatementFacts,
  statementOf,
} from '../../../shared/evidence/statement.ts';
import { nothingAsked, pack, sealedDays, shownBySamples, timeOf, zone } from '../../support/bundle-world.ts';
import { bytesOf, refusalOf, textOf } from '../../support/evidence.ts';

const { fromMs, toMs } = civilDayInterval('2026-11-03', zone);
const window = { fromMs, toMs };
const lost = { fromMs: fromMs + 2 * HOUR_MS + MINUTE_MS, toMs: fromMs + 4 * HOUR_MS };
const facts: StatementFacts = {
  facility: 'sunshine',
  day: '2026-11-03',
  zone,
  pack,
  fromMs,
  cameras: [
    { camera: 'play-1', areas: ['playroom', 'hall', 'hall'], time: timeOf(window) },
    { camera: 'nap-1', areas: ['nap-room'], time: timeOf(window, [lost]) },
  ],
  uptime: { requiredMs: DAY_MS, shownMs: DAY_MS - 5, missingMs: 3, unknownMs: 2 },
  challenges: shownBySamples,
  received: { size: 0, root: emptyRoot() },
};
const bytes = statementOf(facts);
const changed = (change: (statement: Record<string, unknown> & Statement) => unknown): Uint8Array =>
  canonicalBytes(change(JSON.parse(textOf(bytes))));
const refusal = (change: Parameters<typeof changed>[0]) => refusalOf(() => parseStatement(changed(change)));

describe('camera-hours', () => {
  it('call an hour by the worst in it, and keep the milliseconds', () => {
    const { hours, ms } = cameraHours(timeOf(window, [lost]), window);
    expect(hours).toBe('h2x2h20');
    expect(ms.lost).toBe(2 * HOUR_MS - MINUTE_MS);
    expect(ms.held + ms.lost).toBe(DAY_MS);
    expect(cameraHours({ ...timeOf(window), held: [], unknown: [window] }, window).hours).toBe('u24');
  });

  it('are a day of 23 or 25 hours where clocks change', () => {
    for (const [day, due] of [
      ['2026-03-29', 'h23'],
      ['2026-10-25', 'h25'],
    ] as const) {
      const span = civilDayInterval(day, 'Europe/Berlin');
      expect(cameraHours(timeOf(span), span).hours).toBe(due);
    }
  });

  it('read back in one spelling only, none left out', () => {
    expect(parseHours('h2x1', 3)).toEqual(['held', 'held', 'lost']);
    for (const wrong of ['h2', 'h2x2', 'h1h1x1', 'h02x1', 'h3x0', 'z3', 'h2x1 ', 'h', '', 'h99999999999999999']) {
      expect(refusalOf(() => parseHours(wrong, 3)).code).toBe('malformed');
    }
    expect(refusalOf(() => parseHours('h2', 3)).message).toContain('2 of its 3 hours');
  });
});

describe('a statement', () => {
  it('has the same bytes whatever the order of the facts, and reads back', () => {
    const other = statementOf({ ...facts, cameras: [...facts.cameras].reverse() });
    expect(textOf(other)).toBe(textOf(bytes));
    const read = parseStatement(bytes);
    expect(read.cameras.map(({ camera, areas, hours }) => [camera, areas, hours])).toEqual([
      ['nap-1', ['nap-room'], 'h2x2h20'],
      ['play-1', ['hall', 'playroom'], 'h24'],
    ]);
    expect(read.sums.held).toBe(2 * DAY_MS - read.sums.lost);
    expect(read).toMatchObject({ number: 0, previous: null, pack, received: { size: 0 } });
    expect(read.window).toEqual({ from: '2026-11-02T16:00:00.000Z', to: '2026-11-03T16:00:00.000Z' });
  });

  it('is refused with an hour left out, a sum that is not so, or in another spelling', () => {
    const camera = (over: object) =>
      refusal((one) => ({ ...one, cameras: [{ ...one.cameras[0], ...over }, one.cameras[1]] }));
    expect(camera({ hours: 'h2x2h19' }).message).toContain('23 of its 24 hours');
    // The loss hidden in the hours, with the sums as they were; and the other way.
    expect(camera({ hours: 'h24' }).message).toContain('lost');
    expect(camera({ ms: { ...parseStatement(bytes).cameras[0]?.ms, lost: 0, held: DAY_MS } }).message).toContain(
      'lost',
    );
    expect(refusal((one) => ({ ...one, sums: { ...one.sums, lost: 0 } })).message).toContain('sums');
    expect(refusal((one) => ({ ...one, cameras: [...one.cameras].reverse() })).message).toContain('sorted');
    expect(refusal((one) => ({ ...one, uptime: { ...one.uptime, shownMs: DAY_MS } })).message).toContain('add up');
    expect(refusal((one) => ({ ...one, day: '2026-11-04' })).message).toContain('end with 2026-11-04');
    expect(refusal((one) => ({ ...one, zone: 'Mars/Olympus' })).message).toContain('time zone');
    expect(refusal((one) => ({ ...one, number: 1 })).message).toContain('previous');
    expect(refusal((one) => ({ ...one, note: 'x' })).message).toContain('note');
    expect(refusalOf(() => parseStatement(bytesOf(`${textOf(bytes)}\n`))).message).toContain('spelling');
  });

  it('says what challenges came to, and is refused where state and figures do not agree', () => {
    expect(parseStatement(bytes).challenges).toEqual(shownBySamples);
    const challenges = (over: object) => refusal((one) => ({ ...one, challenges: { ...one.challenges, ...over } }));
    const outcomes = (over: object) => ({ ...shownBySamples.outcomes, ...over });
    const { sealed, draws } = shownBySamples;
    expect(challenges({}).code).toBe('accepted');
    expect(challenges({ state: 'breached', reason: 'film-differs' }).message).toContain('figures');
    expect(challenges({ outcomes: outcomes({ held: 0, mismatch: 120 }) }).message).toContain('figures');
    expect(challenges({ state: 'unknown', reason: 'shown-by-samples' }).message).toContain('figures');
    expect(challenges({ state: 'unknown', reason: 'constructor' }).message).toContain('one of');
    expect(challenges({ draws: { ...draws, rest: 31 } }).message).toContain('draws');
    expect(challenges({ sealed: { ...sealed, presenceOnly: 1 } }).message).toContain('owed');
    expect(challenges({ outcomes: outcomes({ held: -1 }) }).message).toContain('whole number');
    expect(challenges({ outcomes: outcomes({ lost: 1 }) }).message).toContain('lost');
    expect(challenges({ sinceMs: 1 }).message).toContain('sinceMs');
    const met = (over: object) =>
      parseStatement(changed((one) => ({ ...one, challenges: { ...one.challenges, ...over } })));
    expect(met(nothingAsked).challenges.state).toBe('not-applicable');
    expect(met({ ...nothingAsked, state: 'unknown', reason: 'nothing-shown' }).challenges.state).toBe('unknown');
    // A verdict may say more than is stated.
    const verdict = { ...shownBySamples, sinceMs: 5 };
    expect(textOf(statementOf({ ...facts, challenges: verdict }))).toBe(textOf(bytes));
  });

  it('is not made of what no reader would take', () => {
    expect(() => statementOf({ ...facts, fromMs: fromMs + 1 })).toThrow(RangeError);
    expect(() => statementOf({ ...facts, pack: { id: 'demo', digest: pack.digest } })).toThrow(RangeError);
    const [one] = facts.cameras;
    expect(() => statementOf({ ...facts, cameras: one ? [one, one] : [] })).toThrow(RangeError);
  });
});

describe('the next statement', () => {
  const days = sealedDays();
  const read = days.map(({ statement }) => ({ ...parseStatement(statement), bytes: statement }));
  const [first, second, third] = read;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three days');

  it('names the bytes of the one before it', () => {
    expect(second.previous).toBe(addressOf(first.bytes));
    expect(second.number).toBe(1);
    expect(() => requireNext(first, second)).not.toThrow();
  });

  it('is refused after a gap, after another past, and for another facility', () => {
    expect(refusalOf(() => requireNext(first, third)).code).toBe('dropped-leaf');
    expect(refusalOf(() => requireNext({ ...first, bytes: third.bytes }, second)).code).toBe('rewritten-day');
    expect(refusalOf(() => requireNext(second, second)).code).toBe('rewritten-day');
    expect(refusalOf(() => requireNext({ ...first, facility: 'moonlight' }, second)).code).toBe('wrong-origin');
    expect(refusalOf(() => statementOf({ ...facts, day: '2026-11-03', previous: third.bytes })).code).toBe(
      'rewritten-day',
    );
    expect(refusalOf(() => statementOf({ ...facts, previous: first.bytes })).code).toBe('dropped-leaf');
  });
});
