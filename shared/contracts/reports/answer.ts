import * as z from 'zod/mini';
import { keyIdPattern } from '../../domain/challenges/key-month.ts';
import { MOST_RECEIPTS, MOST_SEEN_BY } from '../../domain/notices/alarm-receipt.ts';
import type { RejectReason } from '../../domain/taken-report.ts';
import { challengeIdPattern } from '../patterns.ts';
import { described, instant, intWithin, matching, shortId } from './primitives.ts';
import { MOST_REPORTS } from './report.ts';

export const rejectReasons = [
  'invalid',
  'id-reused',
  'unknown-camera',
  'unknown-class',
  'corrects-another',
  'unknown-challenge',
  'already-answered',
  'wrong-kind',
] as const satisfies readonly RejectReason[];

const fault = z.strictObject({
  pointer: described(z.string(), 'JSON pointer (RFC 6901) into the report; empty for the whole of it.'),
  message: z.string(),
});

const id = z.exactOptional(described(z.string().check(z.maxLength(64)), 'Id of the report, if it named one.'));

const reportResult = z.discriminatedUnion('result', [
  described(
    z.strictObject({
      id,
      result: z.literal('accepted'),
      late: z.exactOptional(
        described(
          z.literal(true),
          'It arrived late. Heartbeat, coverage: kept as evidence, the latest facts stay as they are. Check: after its deadline or its day. Log: after the day on which it was done, a closing after its deadline. Challenge: after `answerBy`.',
        ),
      ),
      receipt: z.exactOptional(described(z.unknown(), 'Alarms: what became of its notices.')),
    }),
    'Kept. Forget it.',
  ),
  described(
    z.strictObject({ id, result: z.literal('duplicate'), receipt: z.exactOptional(z.unknown()) }),
    'Kept before. Forget it.',
  ),
  described(
    z.strictObject({ id, result: z.literal('superseded'), lastSeq: z.int() }),
    'A newer one of this stream is known. Forget it, and go on above `lastSeq`.',
  ),
  described(
    z.strictObject({
      id,
      result: z.literal('rejected'),
      reason: z.enum(rejectReasons),
      faults: z.exactOptional(z.array(fault)),
    }),
    'Final: sending it again will be refused again. Park it, show it, and go on.',
  ),
]);

const department = described(z.string().check(z.maxLength(64)), 'Department id of the rule pack, or `facility`.');

/** Of an alarm of this box, in the answer to a heartbeat. */
const alarmReceipt = described(
  z.strictObject({
    id: described(z.string().check(z.maxLength(64)), 'Id of the alarm report.'),
    state: described(z.enum(['open', 'answered', 'closed']), 'Of its incident, when a notice was last noted.'),
    published: intWithin(0, 999, 'Departments whose topic took a notice. Published is not told.'),
    delivered: intWithin(0, 999, 'Departments of whom a channel of a person took it.'),
    seenBy: described(
      z
        .array(z.strictObject({ department, at: instant('When the first of them said so.') }))
        .check(z.maxLength(MOST_SEEN_BY)),
      'Who said by an answer link that it was seen, the first three.',
    ),
  }),
  'What became of one alarm.',
);

/** More are never open at once: a few are drawn a day, and what is older than a week is not asked for again. */
export const MOST_QUESTIONS = 64;
/** Orders of one box that are told at once. */
export const MOST_HOLDS_TOLD = 256;

/** 32 bytes. */
const raw32 = (description: string) => matching(/^[A-Za-z0-9_-]{43}$/, description);

const question = described(
  z.strictObject({
    id: matching(challengeIdPattern, 'Id of the challenge: name it in the answer, POST /v1/challenges.'),
    camera: shortId('Camera'),
    from: instant('First instant of the slice.'),
    to: instant('First instant after the slice.'),
    answerBy: instant('An answer after it shows as late; none is a finding.'),
    key: z.exactOptional(
      raw32('Key of the HMAC over the bytes of the slice, base64url. Absent: only whether the slice is there.'),
    ),
  }),
  'Show that this slice is still held.',
);

const sealingKey = described(
  z.strictObject({
    keyId: matching(keyIdPattern, 'Which key: 2026-11.1.'),
    publicKey: raw32('Raw X25519, base64url.'),
  }),
  'The public key to which the tokens of hours are sealed now.',
);

const hold = described(
  z.strictObject({
    hold: shortId('Order to keep'),
    camera: shortId('Camera'),
    from: instant('First instant to keep.'),
    to: instant('First instant that need not be kept.'),
    until: instant('When the order ends.'),
  }),
  'An order to keep recordings: protect them from being overwritten, and confirm it in a recording report.',
);

/** What every receiver answers: a result per report, in the order of the request. */
export const receiverAnswerSchema = described(
  z.strictObject({
    serverTime: instant('Our clock.'),
    nextBeatSeconds: z.exactOptional(
      intWithin(
        1,
        86_400,
        'Heartbeats: beat again in so many seconds. Absent: keep the pace you were last told, or 60.',
      ),
    ),
    alarms: z.exactOptional(
      described(
        z.array(alarmReceipt).check(z.maxLength(MOST_RECEIPTS)),
        'Heartbeats: the latest alarms of this box of the last 24 hours, newest first. Never one of abuse.',
      ),
    ),
    results: z.array(reportResult).check(z.minLength(1), z.maxLength(MOST_REPORTS)),
    challenges: described(
      z.array(question).check(z.maxLength(MOST_QUESTIONS)),
      'Recordings: challenges of this box that wait for an answer. Empty in the answers to other reports.',
    ),
    sealTo: z.exactOptional(sealingKey),
    holds: z.exactOptional(
      described(
        z.array(hold).check(z.maxLength(MOST_HOLDS_TOLD)),
        'Recordings: orders to keep that are in effect for cameras of this box.',
      ),
    ),
  }),
  'How each report was taken, in the order of the request.',
);
export type ReceiverAnswer = z.infer<typeof receiverAnswerSchema>;

/** RFC 9457, as every refusal is answered. */
export const problemSchema = described(
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: described(z.string(), 'What was wrong and what to do next.'),
    code: described(z.string(), 'Stable; the heading in the runbook.'),
    requestId: z.exactOptional(z.string()),
    faults: z.exactOptional(described(z.array(fault), 'Every fault, with its place.')),
    part: z.exactOptional(described(z.string(), 'The part of the signature that fails.')),
    signatureBase: z.exactOptional(
      described(z.string(), 'The RFC 9421 signature base that we computed: compare it with the bytes that you signed.'),
    ),
  }),
  'A problem document (RFC 9457).',
);
