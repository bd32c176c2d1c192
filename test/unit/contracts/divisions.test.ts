import { describe, expect, it } from 'vitest';
import { facilityListQuery } from '../../../shared/contracts/registry.ts';
import { division } from '../../../shared/contracts/wire.ts';

describe('the division of a facility', () => {
  it.each(['321202', '321202001', '321202001002'])('may be %s', (code) => {
    expect(division.safeParse(code).success).toBe(true);
  });

  it.each([
    '',
    '32',
    '3212',
    '32120',
    '3212020',
    '32120200',
    '3212020010',
    '0',
    '001202',
    '991202',
    '32120a',
    ' 321202',
    '３２１２０２',
    321202,
  ])('is never %j', (code) => {
    expect(division.safeParse(code).success).toBe(false);
  });
});

describe('a division prefix', () => {
  it.each(['32', '3212', '321202', '321202001', '321202001002'])('may be %s', (prefix) => {
    expect(facilityListQuery.safeParse({ division: prefix }).success).toBe(true);
  });

  it.each(['', '3', '321', '32120', '3212020', '00', '99', '32%', '3212020010021'])('is never %j', (prefix) => {
    expect(facilityListQuery.safeParse({ division: prefix }).success).toBe(false);
  });
});
