import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { ChannelMessage, SendOutcome } from '../../shared/domain/delivery/channel.ts';
import { CANARY, NOW_MS, NUMBER, type Rig, type Running, rigs, type Situation } from './channel-rigs.ts';

/*
 * One suite for every channel, in front of a server on this machine that behaves as the provider documents. A further
 * channel adds a rig (docs/channels.md) and is held to the same.
 */

const LINK = 'https://alerts.city.example/a/AbCdEfGhIjk.0123456789abcdef';

const message: ChannelMessage = {
  id: 'alarm~sunflower~box-1~0190/0/police/opened',
  lane: 'life-safety',
  drill: false,
  subjectLine: '[URGENT] fire: Sunflower',
  text: '火灾/烟雾报警：小太阳托育园，幸福路1号，东门。\nfire or smoke alarm: Sunflower, 1 Happiness Road, east gate.',
  shortText: '火灾/烟雾报警：小太阳托育园，东门，10:00起',
  link: LINK,
  data: {
    schema: 'cradlewatch-notice/1',
    kind: 'opened',
    about: 'fire',
    facility: 'sunflower',
    division: '321202001001',
    place: { name: { zh: '小太阳托育园', en: 'Sunflower' }, address: { zh: '幸福路1号', en: '1 Happiness Road' } },
  },
};

/** Everything that a person or a log could see of a try. */
const printed: MockInstance[] = [];
const outcomes: SendOutcome[] = [];
const running: Running[] = [];

beforeEach(() => {
  // The webhook signs its instant, and the receiver's library compares it with the clock of the machine.
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] });
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) printed.push(vi.spyOn(console, name));
  printed.push(vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(process, 'emitWarning'));
});

const leaks = (seen: unknown): boolean => {
  const text = (JSON.stringify(seen) ?? '').toLowerCase();
  const secrets = [CANARY, NUMBER, Buffer.from(CANARY).toString('base64'), 'alerts.city.example/a/', '幸福路'];
  return secrets.some((secret) => text.includes(secret.toLowerCase()));
};

afterEach(async () => {
  const logged = printed.splice(0).flatMap((spy) => spy.mock.calls.map((call) => call.map(String)));
  const said = outcomes.splice(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
  expect(leaks(logged), 'in what was printed').toBe(false);
  expect(leaks(said), 'in an outcome').toBe(false);
});

const start = async (rig: Rig, situation: Situation): Promise<Running> => {
  const one = await rig.start(situation);
  running.push(one);
  return one;
};

/** A try that throws fails the test: a channel never does. */
const sending = async ({ channel, to }: Running, what: Partial<ChannelMessage> = {}): Promise<SendOutcome> => {
  const outcome = await channel.send({ ...message, ...what }, to);
  outcomes.push(outcome);
  return outcome;
};

const longChinese = '小太阳托育园一层活动室👨‍👩‍👧监控中断，'.repeat(2_000);

describe.each(Object.entries(rigs))('the channel %s', (kind, rig) => {
  const situations = Object.entries(rig.expected) as readonly [Situation, SendOutcome][];

  it.each(situations)('whose provider %s says so', async (situation, expected) => {
    const one = await start(rig, situation);
    expect(await sending(one)).toEqual(expected);
  });

  it('gives people the text with its answer link, once', async () => {
    const one = await start(rig, 'takes it');
    await sending(one);
    expect(one.taken()).toHaveLength(1);
    expect(one.taken()[0]).toContain('小太阳托育园');
    // A voice can say no link; an SMS has its last part as a variable.
    if (kind !== 'voice') expect(one.taken()[0]).toContain(kind === 'sms' ? LINK.split('/').at(-1) : LINK);
  });

  it('cuts a long Chinese text at a whole character, and never its link', async () => {
    const one = await start(rig, 'takes it');
    const name = { zh: longChinese, en: 'x' };
    const outcome = await sending(one, {
      text: `"${longChinese}"\n`.repeat(3),
      data: { ...message.data, place: { name } },
    });
    expect(outcome).toEqual(rig.expected['takes it']);
    const [text = ''] = one.taken();
    expect(text).not.toMatch(/\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
    expect(text).not.toMatch(/\u200D(?!\p{Extended_Pictographic})/u);
    if (kind !== 'voice' && kind !== 'sms') expect(text.trimEnd().endsWith(LINK)).toBe(true);
  });

  it('stays within what its provider takes when every sign of the text doubles in JSON', async () => {
    const one = await start(rig, 'takes it');
    const outcome = await sending(one, { text: '"\\\n\u0001<'.repeat(9_000) });
    expect(outcome).toEqual(rig.expected['takes it']);
  });

  it('marks a drill, however long its text', async () => {
    const one = await start(rig, 'takes it');
    await sending(one, { drill: true, text: longChinese });
    expect(one.taken()[0]).toContain('演练');
  });

  it('sends what has no link without one', async () => {
    const { link: _link, ...without } = message;
    const one = await start(rig, 'takes it');
    const outcome = await one.channel.send(without, one.to);
    expect(outcome).toEqual(rig.expected['takes it']);
    expect(one.taken()[0]).not.toContain(LINK.split('/').at(-1));
  });

  it.each(rig.unusable)('tries nothing with %s', async (_what, to, code) => {
    const one = await start(rig, 'takes it');
    expect(await sending({ ...one, to })).toEqual({ outcome: 'refused', code });
    expect(one.arrived()).toBe(0);
  });

  it('keeps a part of its limit for life safety, and some for the rest', async () => {
    const { channel } = await start(rig, 'takes it');
    const { most, withinMs, reserved } = channel.limits;
    expect(channel.kind).toBe(kind);
    expect(reserved).toBeGreaterThan(0);
    expect(reserved).toBeLessThan(most);
    expect(withinMs).toBeGreaterThan(0);
  });
});
