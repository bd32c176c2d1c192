import * as z from 'zod/mini';
import type { ChallengeReport } from '../../domain/reports.ts';
import { challengeIdPattern } from '../patterns.ts';
import { described, matching } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

const answers = ['shown', 'present', 'not-found', 'busy'] as const satisfies readonly ChallengeReport['is'][];

export const challengeSchema = described(
  z
    .strictObject({
      ...baseShape,
      challenge: matching(challengeIdPattern, 'Id of the challenge, as it was asked.'),
      is: described(
        z.enum(answers),
        'shown: the bytes of the slice were read, with mac. present: no key was given, and the slice is there. ' +
          'not-found: the recorder answered, and the slice or a part of it is gone. busy: ask again later. ' +
          'The first answer other than busy is final: a failed connection is busy, never not-found.',
      ),
      mac: z.exactOptional(
        matching(
          /^[A-Za-z0-9_-]{43}$/,
          'HMAC-SHA-256(key of the question, bytes of the slice), base64url without padding. Only with shown, and then always.',
        ),
      ),
    })
    .check(
      z.refine(({ is, mac }) => (is === 'shown') === (mac !== undefined), {
        path: ['mac'],
        error: 'must be there exactly if is is shown',
      }),
    ),
  'What the recorder gave for the slice of one challenge.',
);
export type ChallengeWire = z.infer<typeof challengeSchema>;

export const challengeContract: ReportContract<ChallengeWire, ChallengeReport> = {
  kind: 'challenge',
  schema: challengeSchema,
  toReport: ({ challenge, is, mac = '', ...wire }) => {
    const base = { ...toBase(wire), challenge };
    return is === 'shown' ? { ...base, is, mac } : { ...base, is };
  },
};
