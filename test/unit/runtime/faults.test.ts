import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { bundleQuery } from '../../../shared/contracts/audit-files.ts';
import { instant, localDay } from '../../../shared/contracts/wire.ts';
import { faultsOf } from '../../../shared/runtime/faults.ts';

const messagesOf = (schema: z.ZodType, value: unknown): string[] => {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : faultsOf(error).map(({ message }) => message);
};

describe('a fault in what was sent', () => {
  it('shows how an instant is written, also to whose plus sign became a space in the address', () => {
    for (const sent of ['2026-09-03T10:00:00', '2026-09-03', '2026-09-03T10:00:00 08:00'])
      expect(messagesOf(instant, sent)[0]).toBe(
        'must be an instant with its offset, such as 2026-09-03T10:00:00+08:00 (in an address + is %2B) or 2026-09-03T02:00:00Z',
      );
  });

  it('of what may have one form or another shows both', () => {
    expect(messagesOf(bundleQuery, { from: 'x', to: '2026-09-03' })).toEqual([
      `${messagesOf(localDay, 'x')[0]}; or ${messagesOf(instant, 'x')[0]}`,
    ]);
  });

  it('shows how a day is written', () => {
    expect(messagesOf(localDay, '3 September')).toEqual(['must be a day that there is, written such as 2026-09-03']);
  });
});
