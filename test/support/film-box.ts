import { answerChallenge, sealHour } from '../../box/challenges.ts';
import type { SendOutcome } from '../../box/client.ts';
import type { BoxIdentity } from '../../box/signer.ts';
import { simulateRecorder } from '../../box/simulated-recorder.ts';
import type { WireReport } from '../../box/streams.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { base, type PublicStack, send } from './outside.ts';

type Answered = Extract<SendOutcome, { readonly is: 'answered' }>;
type Question = NonNullable<Answered['challenges']>[number];

/** The box of one camera: it films without a pause since `sinceMs`, seals its hours, and shows what it is asked for. */
export interface FilmBox {
  /** What the API answers to a report of this hour in which nothing was recorded: open challenges, the key to seal to. */
  readonly hears: (hourMs: number) => Promise<Answered>;
  /** Seals one whole hour of film and reports it; the results of the report. */
  readonly seals: (hourMs: number) => Promise<Answered['results']>;
  /** A report of what the recorder gives for the question. */
  readonly answerTo: (question: Question) => Promise<WireReport>;
}

/** A box at a camera `cam-1` that was installed at `sinceMs`, with a clock that somebody else moves. */
export const filmBox = (stack: PublicStack, identity: BoxIdentity, sinceMs: number, clock: () => number): FilmBox => {
  const recorder = simulateRecorder({
    cameras: [{ id: 'cam-1', installedAtMs: sinceMs }],
    keepsMs: 90 * DAY_MS,
    nowMs: clock,
  });
  const report = async (hourMs: number, more: Record<string, unknown>): Promise<Answered> => {
    const hour = new Date(hourMs).toISOString();
    const one = { ...base(clock()), camera: 'cam-1', hour, recorded: [], ...more };
    const outcome = await send(stack, identity, 'recordings', [one], clock());
    if (outcome.is !== 'answered') throw new Error(JSON.stringify(outcome));
    return outcome;
  };
  return {
    hears: (hourMs) => report(hourMs, {}),
    seals: async (hourMs) => {
      const film = { fromMs: hourMs, toMs: hourMs + HOUR_MS };
      const { sealTo } = await report(hourMs, {});
      if (sealTo === undefined) throw new Error('no key to seal to');
      const subject = { facilityId: identity.facilityId, camera: 'cam-1', hourMs };
      const sealed = await sealHour(recorder, subject, [film], sealTo);
      if (sealed.is !== 'sealed') throw new Error(sealed.because);
      const { results } = await report(hourMs, {
        recorded: [{ from: new Date(film.fromMs).toISOString(), to: new Date(film.toMs).toISOString() }],
        challengeMode: 'byte-stable',
        challengeToken: Buffer.from(sealed.token).toString('base64url'),
      });
      return results;
    },
    answerTo: async (question) => {
      const { id: challenge, ...said } = await answerChallenge(recorder, question);
      return { ...base(clock()), challenge, ...said };
    },
  };
};
