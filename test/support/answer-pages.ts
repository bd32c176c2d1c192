import { asPage } from '../../functions/take-answers/as-page.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { closeByPerson } from '../../shared/domain/incidents/people.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { answerWorld, NIGHT_MS, type Page } from './answer-world.ts';

/** Every state in which whoever opens an answer link may find it, as the function serves it. */
export const everyAnswerPage = async (over: Partial<Facility> = {}): Promise<Readonly<Record<string, Page>>> => {
  const city = await answerWorld(over);
  const alarm = await city.alarm();
  const silence = await city.silence();
  const pages: Record<string, Page> = {};

  const acting = await city.link(alarm);
  pages['a panic, to act on'] = await city.look(acting);
  const group = await city.link(alarm, { group: true, contact: 'bot' });
  pages['a panic, to a group'] = await city.look(group);
  pages['a group that forgot who it is'] = await city.press(group, { choice: 'take', name: '', unit: '值'.repeat(41) });
  pages['a panic, to the facility'] = await city.look(await city.link(alarm, { department: 'facility' }));
  pages['a silence'] = await city.look(await city.link(silence));
  const late = await city.link(silence, { contact: 'late' });

  const broken = { ...city.stores.incidents, save: () => Promise.reject(new Error('died')) };
  const halfway = await city.link(silence, { contact: 'halfway' });
  await city
    .browser({ ...city.stores, incidents: broken })
    .press(halfway, { choice: 'take' })
    .catch(() => undefined);
  pages['a press that was not all kept'] = await city.look(halfway);

  pages['taken on'] = await city.press(acting, { choice: 'take' });
  pages['used already'] = await city.look(acting);
  pages['answered by somebody else'] = await city.look(await city.link(alarm, { contact: 'other' }));
  const passing = await city.link(silence, { contact: 'passing' });
  pages['passed on'] = await city.press(passing, { choice: 'pass-on' });

  const test = await city.link(undefined, { department: 'facility' });
  pages['a test of a channel'] = await city.look(test);
  pages['a test that worked'] = await city.press(test, { choice: 'seen' });

  const read = await city.stores.incidents.read(silence.id);
  if (read === undefined) throw new Error('nothing is there');
  const { incident } = closeByPerson(read, 'https://login|wang', 'handled', NIGHT_MS);
  await city.stores.incidents.save({ ...incident, revision: read.revision + 1 });
  pages['what is over'] = await city.press(late, { choice: 'take' });

  pages['an unknown link'] = await city.look('forged');
  pages['what is no form'] = await city.send(late, '');
  city.clock.nowMs += DAY_MS;
  pages['an expired link'] = await city.look(late);
  const failed = await asPage(async () => ({
    statusCode: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
    body: '{}',
  }))({ requestContext: { http: { method: 'GET' } } } as never, {} as never);
  pages['trouble of ours'] = {
    status: failed.statusCode ?? 0,
    headers: failed.headers as Record<string, string>,
    body: failed.body ?? '',
  };
  return pages;
};
