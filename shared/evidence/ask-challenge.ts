import type { CameraHour, Challenge, ChallengePolicy, ChallengeQuestion } from '../domain/challenges/challenge.ts';
import type { Drawn } from '../domain/challenges/draw.ts';
import { isKeyTimely, parseKeyMonth } from '../domain/challenges/key-month.ts';
import type { Interval } from '../domain/time.ts';
import { openToken, type TokenRefusal } from './challenge-token.ts';

/** What is kept of a new challenge, what its box is asked, and what only we know. */
export type AskedChallenge =
  | {
      readonly asked: true;
      readonly challenge: Challenge;
      readonly question: ChallengeQuestion;
      /** What the box sealed: compared with its answer, never sent. Absent = only presence is asked for. */
      readonly mac?: Uint8Array;
    }
  /** Nothing can be asked; the challenge says why. */
  | { readonly asked: false; readonly challenge: Challenge; readonly reason: TokenRefusal };

interface Asking {
  readonly id: string;
  readonly drawn: Drawn<CameraHour>;
  readonly policy: Pick<ChallengePolicy, 'answerWithinMs'>;
  readonly nowMs: number;
}

/**
 * Opens the token of a drawn camera-hour and asks for the very slice that it names. `zone`: the one of the key's month.
 */
export const askForBytes = (
  asking: Asking,
  sealed: { readonly facilityId: string; readonly token: Uint8Array; readonly zone: string },
  key: { readonly keyId: string; readonly privateKey: Uint8Array },
): AskedChallenge => {
  const { camera, hourMs } = asking.drawn.hour;
  const challenge = challengeOf(asking);
  const refuse = (reason: TokenRefusal): AskedChallenge => ({
    asked: false,
    challenge: { ...challenge, tokenRefused: reason },
    reason,
  });
  const opened = openToken(sealed.token, { facilityId: sealed.facilityId, camera, hourMs }, key);
  if (!opened.ok) return refuse(opened.reason);
  const month = parseKeyMonth(key.keyId);
  if (month === undefined || !isKeyTimely(month, hourMs, sealed.zone)) return refuse('untimely-key');
  const { offsetMs, lengthMs, mac } = opened.secret;
  const slice = { fromMs: hourMs + offsetMs, toMs: hourMs + offsetMs + lengthMs };
  const question = { ...questionOf(challenge, slice), key: Buffer.from(opened.secret.key).toString('base64url') };
  return { asked: true, challenge, question, mac };
};

/** Asks a presence-only recorder whether a slice is there. */
export const askForPresence = (asking: Asking, slice: Interval): AskedChallenge => {
  const challenge = challengeOf(asking);
  return { asked: true, challenge, question: questionOf(challenge, slice) };
};

const challengeOf = ({ id, drawn, policy, nowMs }: Asking): Challenge => ({
  id,
  camera: drawn.hour.camera,
  hourMs: drawn.hour.hourMs,
  stratum: drawn.stratum,
  stability: drawn.hour.stability,
  askedAtMs: nowMs,
  answerByMs: nowMs + policy.answerWithinMs,
});

const questionOf = ({ id, camera, answerByMs }: Challenge, slice: Interval): ChallengeQuestion => ({
  id,
  camera,
  slice,
  answerByMs,
});
