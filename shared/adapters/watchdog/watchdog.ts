import { UnavailableError } from '../../domain/errors.ts';
import type { Watchdog } from '../../ports/channel.ts';

const ANSWER_MS = 5_000;

/**
 * Feeds a dead-man's switch outside by a POST without a body. Whoever knows the address could feed it in our place, so
 * that neither the address nor what it answered is in an error.
 */
export const makeWatchdog = (url: string, answerMs = ANSWER_MS): Watchdog => ({
  feed: async () => {
    const status = await fetch(url, { method: 'POST', redirect: 'error', signal: AbortSignal.timeout(answerMs) })
      .then(async (response) => {
        await response.body?.cancel();
        return response.status;
      })
      .catch(() => 'no answer');
    if (typeof status !== 'number' || status < 200 || status > 299) {
      throw new UnavailableError(`the watchdog did not take its feed: ${status}`);
    }
  },
});
