import path from 'node:path';
import { parseArgs } from 'node:util';
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DayWork } from '../../shared/contracts/day-work.ts';
import { KEY_ZONE } from '../../shared/domain/challenges/key-month.ts';
import { addDays, civilDayOf } from '../../shared/domain/civil-day.ts';
import { operatorClients } from './engines.ts';
import { findRunning } from './running.ts';

const usage = `Asks a nursery of the running stack for its film now, as happens after each midnight: for whoever builds a box.

  npx node infra/local/ask-for-film.ts --facility sunrise

It has to be in service, and to have told hours that ended two hours ago with tokens. What is asked is in the next answer to
a recording report of its box: one challenge for each of the last three days, more once its film is old. Asked again, only
what a day has not got is drawn.`;

const options = {
  facility: { type: 'string' },
  data: { type: 'string', default: path.resolve(import.meta.dirname, '..', '..', '.local') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Days that ended longer ago are not drawn for any more. */
const DAYS = 3;

/** The queue of `draw-challenges`, and not that of its dead letters. */
const isDrawQueue = (url: string): boolean => /\/workdraw(?!deadletters)[^/]*$/i.test(url);

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  const { facility } = values;
  if (values.help || facility === undefined) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const running = await findRunning(path.resolve(values.data));
  if (running?.engines === undefined) {
    throw new Error('no stack is running here. Start it with `npm start` and try again.');
  }
  const { sqs } = operatorClients(running.engines);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'workdraw' }));
  const today = civilDayOf(Date.now(), KEY_ZONE);
  const QueueUrl = QueueUrls.find(isDrawQueue);
  if (QueueUrl === undefined) throw new Error('the stack that runs here has no queue of challenges to be drawn.');
  for (let ago = DAYS; ago > 0; ago -= 1) {
    const message: DayWork = { facility, day: addDays(today, -ago) };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  }
  process.stdout.write(`asked ${facility}: see \`challenges\` in the next answer to a recording report of its box\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
