import { describe, expect, it } from 'vitest';
import { judgeConnected } from '../../../shared/domain/rules/connected.ts';
import { aBox, aFacility, aNewBox, DAY_MS, floor, NOW } from '../../support/rows.ts';

const facility = aFacility();
const { filingId: _filed, ...unfiled } = facility;
const dueAtMs = facility.registeredAtMs + 30 * DAY_MS;

describe('a filed facility connects within thirty days', () => {
  it('is met one millisecond before, breached then', () => {
    expect(judgeConnected([aNewBox()], facility, floor, dueAtMs - 1)).toMatchObject({ state: 'met', dueAtMs });
    expect(judgeConnected([aNewBox()], facility, floor, dueAtMs)).toMatchObject({
      state: 'breached',
      reason: 'never-connected',
      sinceMs: dueAtMs,
    });
  });

  it('is breached without any box', () => {
    expect(judgeConnected([], facility, floor, dueAtMs)).toMatchObject({ state: 'breached' });
  });

  it('is met once one box has beaten, however long ago', () => {
    expect(judgeConnected([aNewBox(), aBox()], facility, floor, NOW + 90 * DAY_MS)).toMatchObject({ state: 'met' });
  });
});

describe('a facility that is not filed', () => {
  it('owes no connection', () => {
    expect(judgeConnected([aNewBox()], unfiled, floor, NOW)).toMatchObject({
      state: 'not-applicable',
      reason: 'not-filed',
    });
  });

  it('is found when its box reports all the same, since its first beat', () => {
    const firstMs = unfiled.registeredAtMs + DAY_MS;
    const boxes = [aBox({ connectedAtMs: firstMs + DAY_MS }), aBox({ box: 'b2', connectedAtMs: firstMs })];
    const breached = { state: 'breached', reason: 'reports-unfiled', sinceMs: firstMs };
    expect(judgeConnected(boxes, unfiled, floor, NOW)).toMatchObject(breached);
    expect(judgeConnected([aBox()], unfiled, floor, NOW)).toMatchObject({ sinceMs: unfiled.registeredAtMs });
  });
});
