import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSettings, readSettings, SettingsError, stackName } from '../../infra/settings.ts';
import { temporaryFolder } from './support/fixture-functions.ts';

const faultsOf = (raw: unknown): readonly string[] => {
  try {
    parseSettings(raw);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
};

const defaults = readSettings();
const issuer = { issuer: 'https://login.example.org', audience: 'cradlewatch', algorithms: ['ES256'] };

describe('settings', () => {
  test('the file that ships is complete and right', () => {
    expect(faultsOf(defaults)).toEqual([]);
    expect(stackName(parseSettings(defaults))).toBe('cradlewatch-demo-dev');
  });

  test('objects are locked for a day that can be bypassed, unless a lock is said', () => {
    const { objectLock: _, ...unsaid } = defaults;
    expect(parseSettings(unsaid).objectLock).toEqual({ mode: 'governance', days: 1 });
    const objectLock = { mode: 'compliance', days: 1100 };
    expect(parseSettings({ ...unsaid, objectLock }).objectLock).toEqual(objectLock);
  });

  test('processor and tracing follow the partition, unless they are said', () => {
    expect(parseSettings({ ...defaults, partition: 'aws' })).toMatchObject({ architecture: 'arm64', tracing: true });
    expect(parseSettings({ ...defaults, partition: 'aws-cn' })).toMatchObject({
      architecture: 'x86_64',
      tracing: false,
    });
    expect(parseSettings({ ...defaults, architecture: 'x86_64', tracing: false })).toMatchObject({
      architecture: 'x86_64',
      tracing: false,
    });
  });

  test('every fault is listed at once, each with its path', () => {
    const faults = faultsOf({
      ...defaults,
      city: 'Taizhou City',
      ingres: 'open',
      partition: 'aws-us-gov',
      logRetentionDays: 31,
      reservedConcurrency: { watch: 0, 'receive-faxes': 1 },
      throttles: {
        default: { ratePerSecond: 50, burst: 10 },
        paths: { '/v1/alarm': { ratePerSecond: 1, burst: 1 } },
      },
      authorities: ['https://api.example.org'],
      oidcIssuers: [{ ...issuer, issuer: 'http://login.example.org', algorithms: ['none'] }],
      administrators: ['somebody'],
    });
    const paths = faults.map((fault) => fault.split(': ')[0]);
    expect(paths).toEqual(
      expect.arrayContaining([
        'city',
        'partition',
        'logRetentionDays',
        'reservedConcurrency.watch',
        'throttles.default.burst',
        'throttles.paths./v1/alarms',
        'authorities.0',
        'oidcIssuers.0.issuer',
        'oidcIssuers.0.algorithms.0',
        'administrators.0',
      ]),
    );
    expect(faults.join('\n')).toMatch(/"ingres"/);
    expect(faults.join('\n')).toMatch(/receive-faxes/);
    expect(faults.join('\n')).toMatch(/\/v1\/alarm(?!s)/);
  });

  test.each([
    ['tracing in aws-cn', { partition: 'aws-cn', tracing: true }, 'tracing'],
    ['an administrator of an unknown issuer', { administrators: ['https://login.example.org|1'] }, 'administrators.0'],
    ['an issuer over plain http', { oidcIssuers: [{ ...issuer, issuer: 'http://10.0.0.1' }] }, 'oidcIssuers.0.issuer'],
    [
      'more than a function can be told',
      { authorities: Array(200).fill('api.kindergarten.example.org') },
      'oidcIssuers',
    ],
    ['a lock of no kind', { objectLock: { mode: 'forever', days: 1 } }, 'objectLock.mode'],
    ['a lock without its days', { objectLock: { mode: 'compliance' } }, 'objectLock.days'],
    ['a lock of no days', { objectLock: { mode: 'governance', days: 0 } }, 'objectLock.days'],
    ['a name of logs that a key cannot have', { logName: 'city+one' }, 'logName'],
    ['a key of logs that is none', { retiredLogKeys: ['city+1234'] }, 'retiredLogKeys.0'],
    ['keys of logs for two ages', { retiredLogKeys: Array(9).fill('a+00c0ffee+AgAA') }, 'retiredLogKeys'],
    ['a missing setting', { keepData: undefined }, 'keepData'],
  ])('refuses %s', (_, change, path) => {
    expect(faultsOf({ ...defaults, ...change }).map((fault) => fault.split(': ')[0])).toEqual([path]);
  });

  test('takes an issuer on the same machine, and its administrator', () => {
    const local = { ...issuer, issuer: 'http://127.0.0.1:9001' };
    expect(
      faultsOf({ ...defaults, oidcIssuers: [local], administrators: ['http://127.0.0.1:9001|registrar'] }),
    ).toEqual([]);
  });

  test.each([
    ['is not there', undefined],
    ['is not JSON', '{ "city": '],
    ['is not an object', '[1]'],
  ])('a file that %s is named in the answer', (_, text) => {
    const file = join(temporaryFolder(), 'city.json');
    if (text !== undefined) writeFileSync(file, text);
    expect(() => readSettings(file)).toThrow(SettingsError);
    expect(() => readSettings(file)).toThrow(/city\.json/);
  });
});
