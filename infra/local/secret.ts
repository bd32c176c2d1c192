import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { channelSecretNames, channelSecretsIn, setChannelSecret } from './secrets.ts';

const usage = `The secrets of channels of the local stack, such as a bot's URL. The roster names them, and only here is their value.

  npm run -s secret -- set <name> <value>     a running stack uses it within five minutes
  npm run -s secret -- set <name> < file      the value from a file, so that no shell remembers it
  npm run -s secret -- remove <name>
  npm run -s secret -- list                   names only

In the cloud: aws secretsmanager create-secret --name <stack>/channels/<name> --secret-string file://…`;

/** As Secrets Manager takes them, without the slash that would leave the prefix. */
const nameForm = /^[A-Za-z0-9_+=.@-]{1,200}$/;

const options = {
  data: { type: 'string', default: path.resolve(import.meta.dirname, '..', '..', '.local') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const main = (): void => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [verb, name, value, ...more] = positionals;
  const dataDir = path.resolve(values.data);
  if (values.help || verb === undefined || more.length > 0) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (verb === 'list') {
    process.stdout.write(
      channelSecretNames(dataDir)
        .map((each) => `${each}\n`)
        .join(''),
    );
    return;
  }
  if (verb !== 'set' && verb !== 'remove') throw new Error(`${verb} is none of set, remove, list.`);
  if (name === undefined || !nameForm.test(name))
    throw new Error('A name has 1 to 200 letters, digits or the signs _ + = . @ -');
  const given = verb === 'remove' ? undefined : (value ?? readFileSync(0, 'utf8').trim());
  if (given === '') throw new Error('There is no value.');
  setChannelSecret(dataDir, name, given);
  process.stdout.write(`${given === undefined ? 'removed from' : 'kept in'} ${channelSecretsIn(dataDir)}\n`);
};

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
