import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRunning } from '../../infra/local/running.ts';
import { civilDayOf } from '../../shared/domain/civil-day.ts';
import { packFiles } from '../../shared/rule-packs/index.ts';
import { type KeptData, keepData } from '../support/kept-data.ts';
import { aCheck, aFacility, beijing } from '../support/rows.ts';

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line of the operator. Not `spawnSync`: what it asks is answered by this process. */
const run = (script: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [path.join('infra', script), ...args], (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });

let data: KeptData;
beforeEach(async () => {
  data = await keepData();
});
afterEach(() => data.remove());

const empty = () => mkdtempSync(path.join(data.folder, 'no-data-'));

describe('npm run recompute', () => {
  /** Not in service yet, so that it owes nothing and its folds alone are compared. */
  const facility = aFacility({ state: { is: 'commissioning' } });
  const nowMs = Date.now();
  const day = civilDayOf(nowMs, facility.calendar.zone);
  const asked = () => ['--facility', 'f1', '--day', day, '--data', data.folder];

  beforeEach(async () => {
    await data.register(facility);
    await data.takeCheck(facility, aCheck('c1', day), nowMs - 1);
    await data.takeCheck(facility, aCheck('c2', day, { session: 'noon' }), nowMs);
  });
  const loseCheck = () => {
    const Key = { pk: { S: 'f1' }, sk: { S: 'check#b1#c2' } };
    return data.client.send(
      new DeleteItemCommand({ TableName: 'records', Key, ConditionExpression: 'attribute_exists(pk)' }),
    );
  };

  it('finds no difference in the data of a stopped stack, and exits 0', async () => {
    await data.stopEngine();
    const { status, stdout, stderr } = await run('recompute.ts', ...asked());
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain('✓ no difference');
  });

  it('shows a row that no record bears out, and exits 1', async () => {
    await loseCheck();
    await data.stopEngine();
    const { status, stdout } = await run('recompute.ts', ...asked());
    expect(stdout).toMatch(/✗ fold checks\n +kept: .*"noon".*\n +recomputed: (?!.*"noon")/);
    expect(status).toBe(1);
  });

  it('reads a stack that runs through its own engine', async () => {
    const issuer = createServer((_, response) => response.end('{}'));
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    writeRunning(data.folder, { url, issuer: url, pid: process.pid, engines: data.engine });
    try {
      expect(await run('recompute.ts', ...asked())).toMatchObject({ status: 0, stderr: '' });
      await loseCheck();
      expect(await run('recompute.ts', ...asked())).toMatchObject({ status: 1, stderr: '' });
    } finally {
      issuer.close();
      await data.stopEngine();
    }
  });

  it('says what is not there, exits 2 and leaves the folder as it was', async () => {
    await data.stopEngine();
    const nowhere = empty();
    expect(await run('recompute.ts', ...asked().slice(0, 5), nowhere)).toMatchObject({
      status: 2,
      stderr: `there is no data in ${nowhere}. Start the stack with \`npm start\`.\n`,
    });
    expect(readdirSync(nowhere)).toEqual([]);
    const other = await run('recompute.ts', '--facility', 'f9', '--day', day, '--data', data.folder);
    expect(other).toMatchObject({ status: 2, stderr: 'there is no facility f9\n' });
    expect(await run('recompute.ts', '--facility', 'f1', '--day', 'monday')).toMatchObject({ status: 2 });
  });
});

describe('npm run packs -- diff --data', () => {
  const national = packFiles.find(({ name }) => name === 'national');
  if (national === undefined) throw new Error('no floor');
  /** As the floor, but two children of a class that vomit on one day are enough. */
  const draft = {
    ...national,
    version: '2',
    signals: Object.fromEntries(
      Object.entries(national.signals ?? {}).map(([id, signal]) => [id, { ...signal, children: 2 }]),
    ),
  };

  it('counts the kept findings again by both packs, for every facility, as of the last that was heard', async () => {
    const vomits = (id: string, ...children: number[]) =>
      aCheck(id, '2026-03-02', {
        findings: children.map((n) => ({ code: 'vomiting', childRef: `child-${n}`, action: 'observed' })),
      });
    for (const [id, children] of [
      ['f1', [1, 2]],
      ['f2', [1]],
    ] as const) {
      const facility = aFacility({ id });
      await data.register(facility);
      await data.takeCheck(facility, vomits(`c-${id}`, ...children), beijing('2026-03-02 09:00'));
    }
    await data.stopEngine();
    const file = path.join(data.folder, 'national-2.json');
    writeFileSync(file, JSON.stringify(draft));
    const { status, stdout, stderr } = await run('packs.ts', 'diff', 'national@1', file, '--data', data.folder);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toMatch(/verdicts of 2 facilities would have been others/);
    const effects = stdout.split('\n').filter((line) => / → (breached|met)/.test(line));
    expect(effects).not.toEqual([]);
    for (const effect of effects) {
      expect(effect).toMatch(
        /^f1 health-signal signal\/\S+: met \(\S+\) → breached \(threshold-reached\) since 2026-03-02T01:00:00.000Z$/,
      );
    }
    const back = await run('packs.ts', 'diff', file, 'national@1', '--data', data.folder);
    expect(back.stdout).toMatch(/f1 health-signal signal\/\S+: breached \(threshold-reached\) .* → met/);
    const same = await run('packs.ts', 'diff', 'national@1', 'national@1', '--data', data.folder);
    expect(same.stdout).toContain('0 verdicts of 2 facilities would have been others');
  });

  it('says so where no stack ran', async () => {
    await data.stopEngine();
    const { status, stderr } = await run('packs.ts', 'diff', 'national@1', 'national@1', '--data', empty());
    expect([status, stderr.startsWith('there is no data in ')]).toEqual([1, true]);
  });
});
