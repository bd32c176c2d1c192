import path from 'node:path';
import { parseArgs } from 'node:util';
import { roleBody } from '../../shared/contracts/registry.ts';
import { tokenWithRole } from './grants.ts';
import { localAdministrator, requestToken } from './oidc.ts';
import { findRunning } from './running.ts';

const usage = `A token for the running stack, printed alone.

  npm run -s token -- --role officer --department police --division 3212
  npm run -s token -- --role auditor --division 32
  npm run -s token -- --role registrar --division 3212
  npm run -s token -- --role facility --facility <id>
  npm run -s token -- --role administrator

Departments: police, fire, emergency, health, supervision.`;

const options = {
  role: { type: 'string' },
  department: { type: 'string' },
  division: { type: 'string' },
  facility: { type: 'string' },
  data: { type: 'string', default: path.resolve(import.meta.dirname, '..', '..', '.local') },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  if (values.help || values.role === undefined) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const running = await findRunning(path.resolve(values.data));
  if (running === undefined) throw new Error('no stack is running here. Start it with `npm start` and try again.');
  if (values.role === 'administrator') {
    process.stdout.write(`${await requestToken(running.issuer, localAdministrator)}\n`);
    return;
  }
  const { role, department, division, facility } = values;
  const asked = Object.entries({ role, department, division, facilityId: facility }).filter(
    ([, value]) => value !== undefined,
  );
  const parsed = roleBody.safeParse(Object.fromEntries(asked));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: at, message }) => `--${at.join('.') || 'role'}: ${message}`);
    throw new Error(`${faults.join('\n')}\n\n${usage}`);
  }
  process.stdout.write(`${await tokenWithRole(running, parsed.data)}\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
