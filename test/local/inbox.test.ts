import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { demoSecrets, departmentRosters, facilityRosters } from '../../box/fleet/people.ts';
import type { Letter } from '../../infra/local/inbox/letters.ts';
import { putInboxSecrets } from '../../infra/local/inbox/secrets.ts';
import { type Inbox, startInbox } from '../../infra/local/inbox.ts';
import { channelSecret, channelSecretsIn, setChannelSecret } from '../../infra/local/secrets.ts';
import { makeWebhook } from '../../shared/adapters/channels/webhook/webhook.ts';
import { makeWecom } from '../../shared/adapters/channels/wecom/wecom.ts';
import type { ChannelMessage } from '../../shared/domain/delivery/channel.ts';
import { removeTemporaryFolders, temporaryFolder } from './small-stack.ts';

const inboxes: Inbox[] = [];
afterEach(async () => {
  await Promise.all(inboxes.splice(0).map((inbox) => inbox.stop()));
  removeTemporaryFolders();
});

const open = async () => {
  const told: Letter[] = [];
  const inbox = await startInbox((letter) => told.push(letter));
  inboxes.push(inbox);
  return { inbox, told };
};

const settings = { answerMs: 5_000, onThisMachine: true };
const link = 'http://127.0.0.1:8787/a/abcdefghijk.ABCDEFGHIJKLMNOP';
const message: ChannelMessage = {
  id: 'ginkgo~alarm~box-1~1/0/police/opened',
  lane: 'life-safety',
  drill: false,
  subjectLine: '[Cradlewatch] life-safety panic opened 321283 ginkgo',
  text: `【紧急】一键报警\n地点：泰兴银杏托育园 <b>\n答复 / Answer: ${link}`,
  shortText: '【紧急】一键报警 泰兴银杏托育园',
  link,
  data: { facility: 'ginkgo' },
};
const pageOf = async ({ url }: Inbox): Promise<string> => (await fetch(url)).text();

describe('the inbox of the demo', () => {
  it('takes a signed message of our own channel once, tells of it and shows it with its link', async () => {
    const { inbox, told } = await open();
    const secret = inbox.secretFor('police.3212.receiver', 'webhook');
    for (let time = 0; time < 2; time += 1) {
      expect(await makeWebhook(settings, Date.now).send(message, { secret })).toMatchObject({ outcome: 'accepted' });
    }
    expect(told).toMatchObject([{ to: 'police.3212.receiver', what: message.shortText, link, data: message.data }]);
    const page = await pageOf(inbox);
    expect(page.split(`href="${link}"`)).toHaveLength(3);
    expect(page).toContain('&lt;b&gt;');
  });

  it('refuses what is signed with another key or long ago', async () => {
    const { inbox, told } = await open();
    const other = await open();
    const secret = inbox.secretFor('police.3212.receiver', 'webhook');
    const { key } = JSON.parse(other.inbox.secretFor('x', 'webhook')) as { key: string };
    const forged = JSON.stringify({ ...(JSON.parse(secret) as object), key });
    const old = () => Date.now() - 10 * 60_000;
    expect(await makeWebhook(settings, Date.now).send(message, { secret: forged })).toMatchObject({ code: 'http-401' });
    expect(await makeWebhook(settings, old).send(message, { secret })).toMatchObject({ code: 'http-401' });
    expect(told).toEqual([]);
  });

  it('answers as a bot does, and finds the link in what the group reads', async () => {
    const { inbox, told } = await open();
    const wecom = makeWecom(settings);
    const secret = inbox.secretFor('fire.3212.bot', 'wecom');
    expect(await wecom.send(message, { secret })).toMatchObject({ outcome: 'accepted' });
    const wrong = secret.replace(/key=\w/, 'key=z');
    expect(await wecom.send(message, { secret: wrong })).toEqual({ outcome: 'refused', code: '93000' });
    expect(told).toMatchObject([{ to: 'fire.3212.bot', kind: 'wecom', what: '【紧急】一键报警', link }]);
  });

  it('puts each secret that the demo names, anew at each start, and leaves those of people', () => {
    const dataDir = temporaryFolder();
    const bot = '{"url":"https://bot.example/send?key=1"}';
    setChannelSecret(dataDir, 'fire.3212.bot', bot);
    const put = (port: number) =>
      putInboxSecrets(dataDir, demoSecrets, (name, kind) => `{"url":"http://127.0.0.1:${port}/${kind}/${name}"}`);
    put(1111);
    put(2222);
    expect(channelSecret(dataDir, 'fire.3212.bot')).toBe(bot);
    expect(channelSecret(dataDir, 'police.3212.receiver')).toContain(':2222/webhook/police.3212.receiver');
    expect(readFileSync(channelSecretsIn(dataDir), 'utf8')).not.toContain('1111');
    const named = [...departmentRosters, ...facilityRosters].flatMap(({ contacts }) => contacts);
    for (const { channels } of named)
      for (const { secret } of channels) expect(channelSecret(dataDir, secret ?? '')).toBeDefined();
  });
});
