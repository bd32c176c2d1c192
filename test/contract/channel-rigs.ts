import { Webhook } from 'standardwebhooks';
import { dingtalkSign } from '../../shared/adapters/channels/dingtalk/dingtalk.ts';
import { feishuSign } from '../../shared/adapters/channels/feishu/feishu.ts';
import type { ChannelSettings } from '../../shared/adapters/channels/http-post.ts';
import { type Channels, makeChannels } from '../../shared/adapters/channels/make-channels.ts';
import type { SendOutcome } from '../../shared/domain/delivery/channel.ts';
import type { Channel } from '../../shared/ports/channel.ts';
import {
  closedPort,
  loopbackCertificate,
  type Reply,
  type Seen,
  startHttpProvider,
  startRaw,
  startSmtp,
  textOfMail,
} from '../support/channel-providers.ts';

/** What may be wrong at the other end. */
export type Situation =
  | 'takes it'
  | 'takes it over TLS'
  | 'says no in a 200'
  | 'says what nobody documented'
  | 'says too many'
  | 'never answers'
  | 'does not listen'
  | 'shows a certificate that nobody signed'
  | 'is broken'
  | 'talks nonsense'
  | 'never ends'
  | 'hangs up'
  | 'redirects'
  | 'repeats our secret'
  | 'does not know our account'
  | 'offers no TLS';

/** A channel in front of a provider in one of those situations. */
export interface Running {
  readonly channel: Channel;
  readonly to: { readonly address?: string; readonly secret?: string };
  /** What people there would read, one text per message that was taken. */
  taken(): readonly string[];
  /** Requests that arrived at all. */
  arrived(): number;
  stop(): Promise<void>;
}

export interface Rig {
  readonly expected: Readonly<Partial<Record<Situation, SendOutcome>>>;
  start(situation: Situation): Promise<Running>;
  /** Secrets or addresses with which nothing is even tried. */
  readonly unusable: readonly (readonly [string, Running['to'], string])[];
}

/** Planted wherever something is secret or personal; it may be in nothing that comes back. */
export const CANARY = 'KANARIENVOGEL';
export const NUMBER = '13812345678';
export const NOW_MS = Date.UTC(2026, 8, 4, 2, 0, 0);

const ANSWER_MS = 250;
const fast: ChannelSettings = { answerMs: ANSWER_MS, onThisMachine: true };
/** Nothing here waits for this long; a busy machine may. */
const patient: ChannelSettings = { answerMs: 10_000, onThisMachine: true };

const json = (body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const bytes = (text: string): number => Buffer.byteLength(text);

/** One provider over HTTP: how it behaves by its documents, and how it says no. */
interface Protocol {
  readonly kind: Exclude<keyof Channels, 'email'>;
  /** Its answer to a request as documented, limits and signature checked. */
  answer(seen: Seen): Reply;
  /** What people read. */
  textOf(seen: Seen): string;
  to(url: URL): Running['to'];
  readonly says: Readonly<Partial<Record<Situation, readonly [Reply, SendOutcome]>>>;
  readonly unusable: Rig['unusable'];
}

/** Whatever the provider, these are the same. */
const always: Readonly<Partial<Record<Situation, readonly [Reply, SendOutcome]>>> = {
  'never answers': ['silence', { outcome: 'failed', code: 'timeout' }],
  'is broken': [
    { status: 503, body: '<html>down</html>' },
    { outcome: 'failed', code: 'http-503' },
  ],
  'talks nonsense': [
    { status: 200, body: '<html>hello</html>' },
    { outcome: 'failed', code: 'not-understood' },
  ],
  'never ends': ['endless', { outcome: 'failed', code: 'not-understood' }],
  'hangs up': ['hang-up', { outcome: 'failed', code: 'unreachable' }],
  redirects: [
    { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/elsewhere' } },
    { outcome: 'refused', code: 'http-302' },
  ],
};

const accepted: SendOutcome = { outcome: 'accepted' };
const withoutReply: Readonly<Partial<Record<Situation, SendOutcome>>> = {
  'does not listen': { outcome: 'failed', code: 'unreachable' },
  'shows a certificate that nobody signed': { outcome: 'failed', code: 'tls' },
};

const channelFor = (kind: keyof Channels, url: URL, settings: ChannelSettings): Channel =>
  makeChannels(() => NOW_MS, settings, { sms: url, voice: url })[kind];

const isTls = (situation: Situation): boolean =>
  situation === 'takes it over TLS' || situation === 'shows a certificate that nobody signed';

/** Timeouts are short only where one is what we wait for. */
const settingsFor = (situation: Situation): ChannelSettings => {
  if (situation === 'never answers') return fast;
  return situation === 'takes it over TLS' ? { ...patient, trustedRoots: loopbackCertificate } : patient;
};

const httpRig = (protocol: Protocol): Rig => {
  const says = { ...always, ...protocol.says };
  const expected = Object.fromEntries(Object.entries(says).map(([situation, [, outcome]]) => [situation, outcome]));
  const taking = says['takes it']?.[1] ?? accepted;
  return {
    unusable: protocol.unusable,
    expected: { ...withoutReply, ...expected, 'takes it': taking, 'takes it over TLS': taking },
    start: async (situation) => {
      const reply = situation === 'takes it' ? undefined : says[situation]?.[0];
      const provider = await startHttpProvider((seen) => reply ?? protocol.answer(seen), { secure: isTls(situation) });
      if (situation === 'does not listen') provider.url.port = String(await closedPort());
      return {
        channel: channelFor(protocol.kind, provider.url, settingsFor(situation)),
        to: protocol.to(provider.url),
        taken: () => provider.seen.map(protocol.textOf),
        arrived: () => provider.seen.length,
        stop: provider.stop,
      };
    },
  };
};

const field = (text: string, ...path: readonly string[]): string => {
  let value: unknown = JSON.parse(text);
  for (const name of path) value = (value as Readonly<Record<string, unknown>>)[name];
  return String(value);
};

const botUrl = (url: URL): URL => new URL(`/hook/${CANARY}?key=${CANARY}`, url);
const botTo = (url: URL, key?: string): Running['to'] => ({ secret: JSON.stringify({ url: botUrl(url), key }) });

const unusableSecrets: Rig['unusable'] = [
  ['no secret', {}, 'secret-malformed'],
  ['a secret that is no JSON', { secret: CANARY }, 'secret-malformed'],
  ['no address in the secret', { secret: `{"key":"${CANARY}"}` }, 'secret-malformed'],
  ['an address without TLS', { secret: `{"url":"http://${CANARY}.example/"}` }, 'secret-malformed'],
  ['a field that we do not know', { secret: `{"url":"https://x.example/","${CANARY}":1}` }, 'secret-malformed'],
];

const wecom: Protocol = {
  kind: 'wecom',
  answer: ({ body }) =>
    bytes(field(body, 'text', 'content')) > 2_048
      ? json({ errcode: 40058, errmsg: 'text.content exceed max length 2048' })
      : json({ errcode: 0, errmsg: 'ok' }),
  textOf: ({ body }) => field(body, 'text', 'content'),
  to: (url) => botTo(url),
  says: {
    'says no in a 200': [
      json({ errcode: 93000, errmsg: `invalid webhook url, hint: ${CANARY}` }),
      { outcome: 'refused', code: '93000' },
    ],
    'says what nobody documented': [json({ errcode: -1, errmsg: 'busy' }), { outcome: 'failed', code: '-1' }],
    'says too many': [
      json({ errcode: 45009, errmsg: 'api freq out of limit' }),
      { outcome: 'limited', code: '45009', retryAfterMs: 60_000 },
    ],
    'repeats our secret': [json({ errcode: CANARY, errmsg: CANARY }), { outcome: 'failed', code: 'not-understood' }],
  },
  unusable: unusableSecrets,
};

const BOT_KEY = `SEC${CANARY}`;

const dingtalk: Protocol = {
  kind: 'dingtalk',
  answer: ({ body, query }) => {
    if (bytes(body) > 20_000) return json({ errcode: 460101, errmsg: 'message too long, exceed 20000 bytes' });
    const isSigned =
      query.get('timestamp') === String(NOW_MS) &&
      query.get('sign') === dingtalkSign(BOT_KEY, NOW_MS) &&
      query.has('key');
    return isSigned ? json({ errcode: 0, errmsg: 'ok' }) : json({ errcode: 310000, errmsg: 'sign not match' });
  },
  textOf: ({ body }) => field(body, 'text', 'content'),
  to: (url) => botTo(url, BOT_KEY),
  says: {
    'says no in a 200': [
      json({ errcode: 310000, errmsg: 'keywords not in content' }),
      { outcome: 'refused', code: '310000' },
    ],
    'says what nobody documented': [json({ errcode: 999, errmsg: 'new' }), { outcome: 'failed', code: '999' }],
    'says too many': [
      json({
        status: 1111,
        wait: 5,
        punish: 'deny',
        errcode: 130101,
        errmsg: 'send too fast, exceed 20 times per minute',
      }),
      { outcome: 'limited', code: '130101', retryAfterMs: 600_000 },
    ],
    'repeats our secret': [json({ errcode: BOT_KEY, errmsg: BOT_KEY }), { outcome: 'failed', code: 'not-understood' }],
  },
  unusable: unusableSecrets,
};

const feishu: Protocol = {
  kind: 'feishu',
  answer: ({ body }) => {
    if (bytes(body) > 20_480) return json({ code: 9499, msg: 'Bad Request', data: {} });
    const seconds = NOW_MS / 1000;
    const isSigned =
      field(body, 'timestamp') === String(seconds) && field(body, 'sign') === feishuSign(BOT_KEY, seconds);
    return isSigned
      ? json({ StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' })
      : json({ code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' });
  },
  textOf: ({ body }) => field(body, 'content', 'text'),
  to: (url) => botTo(url, BOT_KEY),
  says: {
    'says no in a 200': [json({ code: 19024, msg: 'Key Words Not Found' }), { outcome: 'refused', code: '19024' }],
    'says what nobody documented': [json({ code: 1, msg: 'new' }), { outcome: 'failed', code: '1' }],
    'says too many': [
      json({ code: 99991400, msg: 'request trigger frequency limit' }, 400, { 'x-ogw-ratelimit-reset': '52' }),
      { outcome: 'limited', code: '99991400', retryAfterMs: 52_000 },
    ],
    'repeats our secret': [json({ code: BOT_KEY, msg: BOT_KEY }), { outcome: 'failed', code: 'not-understood' }],
  },
  unusable: unusableSecrets,
};

const WEBHOOK_KEY = `whsec_${Buffer.from(`${CANARY}-that-is-long-enough`).toString('base64')}`;

const isVerified = ({ body, headers }: Seen): boolean => {
  try {
    new Webhook(WEBHOOK_KEY).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

const webhook: Protocol = {
  kind: 'webhook',
  // The published library of Standard Webhooks says whether a receiver could believe us.
  answer: (seen) => (isVerified(seen) ? { status: 204, body: '' } : json({ error: 'signature' }, 401)),
  textOf: ({ body }) => `${field(body, 'text')}\n${field(body, 'link')}`,
  to: (url) => ({ secret: JSON.stringify({ url: botUrl(url), key: WEBHOOK_KEY }) }),
  says: {
    'says no in a 200': [json({ error: CANARY }, 401), { outcome: 'refused', code: 'http-401' }],
    'says too many': [
      json({}, 429, { 'retry-after': '120' }),
      { outcome: 'limited', code: 'http-429', retryAfterMs: 120_000 },
    ],
    // The status is all that a receiver has to say.
    'talks nonsense': [{ status: 200, body: '<html>hello</html>' }, accepted],
    'never ends': ['endless', accepted],
    'repeats our secret': [
      { status: 400, body: WEBHOOK_KEY },
      { outcome: 'refused', code: 'http-400' },
    ],
  },
  unusable: [
    ...unusableSecrets,
    ['a short key', { secret: '{"url":"https://x.example/","key":"whsec_c2hvcnQ="}' }, 'secret-malformed'],
    ['no key', { secret: '{"url":"https://x.example/"}' }, 'secret-malformed'],
  ],
};

const account = { accessKeyId: `id-${CANARY}`, accessKeySecret: `key-${CANARY}` };
const smsSecret = JSON.stringify({
  ...account,
  signName: `阳光${CANARY}`,
  answerTemplate: 'SMS_1',
  informTemplate: 'SMS_2',
});
const voiceSecret = JSON.stringify({ ...account, template: 'TTS_1', showNumber: '02112345678' });

const isSignedByAccount = ({ headers }: Seen): boolean =>
  /^ACS3-HMAC-SHA256 Credential=id-\w+,SignedHeaders=host;[a-z0-9;-]+,Signature=[0-9a-f]{64}$/.test(
    headers.authorization ?? '',
  ) && headers['x-acs-version'] === '2017-05-25';

/** Alibaba Cloud: variables of 1 to 35 characters, none with an address. */
const variablesAnswer = (variables: string | null): Reply | undefined => {
  const values: readonly string[] = Object.values(JSON.parse(variables ?? '{}'));
  if (values.some((value) => value.includes('://'))) return json({ Code: 'isv.PARAM_NOT_SUPPORT_URL' });
  const isFitting = values.length > 0 && values.every(({ length }) => length >= 1 && length <= 35);
  return isFitting ? undefined : json({ Code: 'isv.PARAM_LENGTH_LIMIT' });
};

const alibabaCloudSays: Protocol['says'] = {
  'says no in a 200': [
    json({ Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: `${NUMBER}非法` }),
    { outcome: 'refused', code: 'isv.MOBILE_NUMBER_ILLEGAL' },
  ],
  'says what nobody documented': [
    json({ Code: 'isv.SOMETHING_NEW', Message: NUMBER }),
    { outcome: 'failed', code: 'isv.SOMETHING_NEW' },
  ],
  'says too many': [
    json({ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发分钟级流控Permits:1' }),
    { outcome: 'limited', code: 'isv.BUSINESS_LIMIT_CONTROL', retryAfterMs: 60_000 },
  ],
  'repeats our secret': [
    json({ Code: account.accessKeySecret, Message: account.accessKeySecret, BizId: CANARY }),
    { outcome: 'failed', code: 'not-understood' },
  ],
  'does not know our account': [
    json({ Code: 'InvalidAccessKeyId.NotFound', Message: account.accessKeyId }, 404),
    { outcome: 'failed', code: 'http-404' },
  ],
};

const numberUnusable = (secret: string): Rig['unusable'] => [
  ['no secret', { address: NUMBER }, 'secret-malformed'],
  ['half a secret', { address: NUMBER, secret: JSON.stringify(account) }, 'secret-malformed'],
  ['no number', { secret }, 'address-malformed'],
  ['a number that is none', { address: `1381234567${CANARY}`, secret }, 'address-malformed'],
  ['two numbers', { address: `${NUMBER},13900000000`, secret }, 'address-malformed'],
];

const sms: Protocol = {
  kind: 'sms',
  answer: (seen) => {
    if (seen.headers['x-acs-action'] !== 'SendSms' || !isSignedByAccount(seen)) {
      return json({ Code: 'SignatureDoesNotMatch' }, 400);
    }
    if (seen.query.get('PhoneNumbers') !== NUMBER) return json({ Code: 'isv.MOBILE_NUMBER_ILLEGAL' });
    return (
      variablesAnswer(seen.query.get('TemplateParam')) ??
      json({ Message: 'OK', Code: 'OK', RequestId: 'A8A513E0-E631', BizId: '442107374224819990^0' })
    );
  },
  textOf: ({ query }) => `${query.get('TemplateCode')} ${query.get('TemplateParam')}`,
  to: () => ({ address: '+86 138-1234-5678', secret: smsSecret }),
  says: {
    ...alibabaCloudSays,
    'takes it': ['silence', { outcome: 'accepted', providerId: '442107374224819990^0' }],
  },
  unusable: numberUnusable(smsSecret),
};

const voice: Protocol = {
  kind: 'voice',
  answer: (seen) => {
    if (seen.headers['x-acs-action'] !== 'SingleCallByTts' || !isSignedByAccount(seen)) {
      return json({ Code: 'SignatureDoesNotMatch' }, 400);
    }
    // At most two variables where the provider shares out its numbers.
    if (Object.keys(JSON.parse(seen.query.get('TtsParam') ?? '{}')).length > 2)
      return json({ Code: 'isv.TEMPLATE_PARAMS_ILLEGAL' });
    return variablesAnswer(seen.query.get('TtsParam')) ?? json({ Code: 'OK', CallId: '134523^4351232' });
  },
  textOf: ({ query }) => `${query.get('TtsCode')} ${query.get('TtsParam')}`,
  to: () => ({ address: NUMBER, secret: voiceSecret }),
  says: {
    ...alibabaCloudSays,
    'takes it': ['silence', { outcome: 'accepted', providerId: '134523^4351232' }],
  },
  unusable: numberUnusable(voiceSecret),
};

const MAILBOX = `${CANARY.toLowerCase()}@nursery.example`;
const login = { user: CANARY, password: `password-${CANARY}` };

const smtpSecret = (port: number, host = '127.0.0.1'): string =>
  JSON.stringify({ host, port, ...login, from: 'alerts@city.example' });

/** This machine, under a name that does not say so: the login must not go there in the clear. */
const hostFor = (situation: Situation): string => (situation === 'offers no TLS' ? '127.1' : '127.0.0.1');

const smtpStarts: Readonly<Partial<Record<Situation, () => ReturnType<typeof startSmtp>>>> = {
  'takes it': () => startSmtp({ login }),
  'takes it over TLS': () => startSmtp({ login, secure: true }),
  'shows a certificate that nobody signed': () => startSmtp({ login, secure: true }),
  'says no in a 200': () => startSmtp({ login, refuse: { code: 550, text: 'no such mailbox' } }),
  'says what nobody documented': () => startSmtp({ login, refuse: { code: 451, text: 'try later' } }),
  'says too many': () => startSmtp({ login, refuse: { code: 421, text: '4.7.28 unusual rate' } }),
  'is broken': () => startSmtp({ login, refuse: { code: 421, text: 'shutting down' } }),
  'does not know our account': () => startSmtp({ login: { ...login, password: 'another' } }),
  'offers no TLS': () => startSmtp({ login }),
  'never answers': () => startRaw(),
  'talks nonsense': () => startRaw('<html>hello</html>\r\n'),
};

const email: Rig = {
  expected: {
    ...withoutReply,
    'takes it': accepted,
    'takes it over TLS': accepted,
    'says no in a 200': { outcome: 'refused', code: 'smtp-550' },
    'says what nobody documented': { outcome: 'failed', code: 'smtp-451' },
    'says too many': { outcome: 'limited', code: 'smtp-flood', retryAfterMs: 600_000 },
    'is broken': { outcome: 'failed', code: 'smtp-421' },
    'does not know our account': { outcome: 'failed', code: 'not-authenticated' },
    'offers no TLS': { outcome: 'failed', code: 'tls' },
    'never answers': { outcome: 'failed', code: 'timeout' },
    'talks nonsense': { outcome: 'failed', code: 'not-understood' },
  },
  unusable: [
    ['no secret', { address: MAILBOX }, 'secret-malformed'],
    ['no mailbox', { secret: smtpSecret(25) }, 'address-malformed'],
    ['two mailboxes', { address: `${MAILBOX},other@x.example`, secret: smtpSecret(25) }, 'address-malformed'],
    ['a header', { address: `${MAILBOX}\r\nBcc: other@x.example`, secret: smtpSecret(25) }, 'address-malformed'],
  ],
  start: async (situation) => {
    const server = await (smtpStarts[situation] ?? startRaw)();
    if (situation === 'does not listen') await server.stop();
    return {
      channel: channelFor('email', new URL('https://x.example/'), settingsFor(situation)),
      to: { address: MAILBOX, secret: smtpSecret(server.port, hostFor(situation)) },
      taken: () => server.mails.map(textOfMail),
      arrived: () => server.mails.length,
      stop: situation === 'does not listen' ? async () => undefined : server.stop,
    };
  },
};

export const rigs: Readonly<Record<keyof Channels, Rig>> = {
  email,
  webhook: httpRig(webhook),
  wecom: httpRig(wecom),
  dingtalk: httpRig(dingtalk),
  feishu: httpRig(feishu),
  sms: httpRig(sms),
  voice: httpRig(voice),
};
