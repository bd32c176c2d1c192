import * as z from 'zod/mini';
import type { ByteStability } from '../../domain/challenges/challenge.ts';
import { deletionReasons, type RecordingReport, type SealedChallenge, videoCodecs } from '../../domain/reports.ts';
import { HOUR_MS, type Interval } from '../../domain/time.ts';
import { described, instant, instantMs, intWithin, matching, shortId, wholeHour } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

/** One every fifteen seconds: more is a recorder that lost its mind. */
const MOST_INTERVALS = 240;
/** A file every hundredth of a second is more than any recorder makes. */
const MOST_SEGMENTS = 360_000;
const MOST_DELETIONS = 32;
const MOST_HOLDS = 16;
/** 128 bytes in base64url; a token has 125. */
const LONGEST_TOKEN = 171;

const isForward = ({ from, to }: { from: string; to: string }): boolean => instantMs(from) < instantMs(to);
const laterThanFrom = { path: ['to'], error: 'must be later than from' };

const interval = described(
  z
    .strictObject({ from: instant('First instant recorded.'), to: instant('First instant not recorded any more.') })
    .check(z.refine(isForward, laterThanFrom)),
  'Half-open: from is inside, to is not.',
);

const deletion = described(
  z
    .strictObject({
      from: instant('First instant deleted.'),
      to: instant('First instant not deleted any more.'),
      reason: described(
        z.enum(deletionReasons),
        'Why. Which of them excuse a deletion inside the days that are to be kept stands in the rule pack of the place; after ' +
          'any other it is lost. None excuses deleting what an order holds.',
      ),
    })
    .check(z.refine(isForward, laterThanFrom)),
  'Recordings of this camera that were deleted on purpose, of whatever time. It is dated by when we receive it.',
);

const confirmedHold = described(
  z
    .strictObject({
      hold: shortId('Order to keep'),
      from: instant('First instant kept because of it.'),
      to: instant('First instant not kept because of it any more.'),
    })
    .check(z.refine(isForward, laterThanFrom)),
  'An order to keep recordings that the recorder carries out: what it protects from being overwritten.',
);

const stabilities = ['byte-stable', 'presence-only'] as const satisfies readonly ByteStability[];

export const recordingSchema = described(
  z
    .strictObject({
      ...baseShape,
      camera: shortId('Camera'),
      hour: wholeHour('Start of the hour, on the hour.'),
      recorded: described(
        z.array(interval).check(z.maxLength(MOST_INTERVALS)),
        'What was recorded within this hour; an empty list says: nothing.',
      ),
      oldestRetrievableAt: z.exactOptional(
        instant('Oldest instant that the recorder can still play for this camera. Leave it out if it cannot tell.'),
      ),
      codec: z.exactOptional(described(z.enum(videoCodecs), 'How it is coded.')),
      bytes: z.exactOptional(intWithin(0, Number.MAX_SAFE_INTEGER, 'Bytes of the hour as stored.')),
      segments: z.exactOptional(
        intWithin(0, MOST_SEGMENTS, 'How many segments (files or blocks, as stored) the hour has.'),
      ),
      segmentRoot: z.exactOptional(
        matching(
          /^[0-9a-f]{64}$/,
          "RFC 6962 root, hexadecimal, of the hour's segments in order of time; each leaf is the 32 bytes of SHA-256 of a segment.",
        ),
      ),
      challengeMode: z.exactOptional(
        described(
          z.enum(stabilities),
          'byte-stable: a token is sealed. presence-only: the recorder gives no stable bytes. Leave it out where nothing could be sealed.',
        ),
      ),
      challengeToken: z.exactOptional(
        matching(
          new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST_TOKEN}}$`),
          'The sealed token of the hour, base64url without padding. Only with byte-stable, and then always.',
        ),
      ),
      deletions: z.exactOptional(
        described(z.array(deletion).check(z.minLength(1), z.maxLength(MOST_DELETIONS)), 'What was deleted on purpose.'),
      ),
      confirmedHolds: z.exactOptional(
        described(
          z.array(confirmedHold).check(z.minLength(1), z.maxLength(MOST_HOLDS)),
          'Orders to keep that the recorder carries out. An order that no box confirms is a finding.',
        ),
      ),
    })
    .check(
      z.refine(({ segmentRoot, segments }) => segmentRoot === undefined || segments !== undefined, {
        path: ['segments'],
        error: 'must be said with segmentRoot: a root proves nothing without its count',
      }),
      z.refine(
        ({ challengeMode, challengeToken }) => (challengeMode === 'byte-stable') === (challengeToken !== undefined),
        {
          path: ['challengeToken'],
          error: 'must be there exactly if challengeMode is byte-stable',
        },
      ),
      z.superRefine((report, payload) => {
        const fromMs = instantMs(report.hour);
        for (const [index, { from, to }] of report.recorded.entries()) {
          const isInside = instantMs(from) >= fromMs && instantMs(to) <= fromMs + HOUR_MS;
          if (isInside) continue;
          payload.addIssue({ code: 'custom', path: ['recorded', index], message: 'must lie within the hour' });
        }
      }),
    ),
  'One camera, one hour: what was recorded, by which the footage can be checked later, and what was deleted or is held.',
);
export type RecordingWire = z.infer<typeof recordingSchema>;

const toInterval = ({ from, to }: { from: string; to: string }): Interval => ({
  fromMs: instantMs(from),
  toMs: instantMs(to),
});

const toChallenge = ({ challengeMode: mode, challengeToken: token }: RecordingWire): SealedChallenge | undefined => {
  if (mode === 'presence-only') return { mode };
  return token === undefined ? undefined : { mode: 'byte-stable', token };
};

const toCommitments = (
  wire: RecordingWire,
): Pick<RecordingReport, 'codec' | 'bytes' | 'segments' | 'segmentRoot' | 'challenge'> => {
  const { codec, bytes, segments, segmentRoot } = wire;
  const challenge = toChallenge(wire);
  return {
    ...(codec !== undefined && { codec }),
    ...(bytes !== undefined && { bytes }),
    ...(segments !== undefined && { segments }),
    ...(segmentRoot !== undefined && { segmentRoot }),
    ...(challenge !== undefined && { challenge }),
  };
};

const toDeclared = ({
  deletions,
  confirmedHolds,
}: RecordingWire): Pick<RecordingReport, 'deletions' | 'confirmedHolds'> => ({
  ...(deletions && { deletions: deletions.map((one) => ({ ...toInterval(one), reason: one.reason })) }),
  ...(confirmedHolds && { confirmedHolds: confirmedHolds.map((one) => ({ ...toInterval(one), hold: one.hold })) }),
});

export const recordingContract: ReportContract<RecordingWire, RecordingReport> = {
  kind: 'recording',
  schema: recordingSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    camera: wire.camera,
    hourMs: instantMs(wire.hour),
    recorded: wire.recorded.map(toInterval),
    ...(wire.oldestRetrievableAt === undefined ? {} : { oldestRetrievableAtMs: instantMs(wire.oldestRetrievableAt) }),
    ...toCommitments(wire),
    ...toDeclared(wire),
  }),
};
