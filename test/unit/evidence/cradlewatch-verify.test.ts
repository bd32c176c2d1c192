import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatBundle } from '../../../shared/evidence/bundle.ts';
import { buildVerifier } from '../../../verify/bundle-verifier.mjs';
import { honestBundle, vkey } from '../../support/bundle-world.ts';
import { halfWidthIn } from '../../support/chinese.ts';
import { flipped } from '../../support/evidence.ts';

const built = mkdtempSync(join(tmpdir(), 'verifier-built-'));
const alone = mkdtempSync(join(tmpdir(), 'verifier-alone-'));
const verifier = join(alone, 'cradlewatch-verify.mjs');

beforeAll(async () => {
  copyFileSync(buildVerifier(join(built, 'deep', 'cradlewatch-verify.mjs')), verifier);
  expect(readdirSync(alone)).toEqual(['cradlewatch-verify.mjs']);
  const bytes = formatBundle(await honestBundle());
  writeFileSync(join(alone, 'honest.json'), bytes);
  writeFileSync(join(alone, 'changed.json'), flipped(bytes, bytes.length * 4));
});

afterAll(() => {
  for (const folder of [built, alone]) rmSync(folder, { recursive: true });
});

/** Runs the file where it lies alone, with nothing of ours in its environment. */
const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, ...args], {
    cwd: alone,
    env: {},
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('cradlewatch-verify, one file alone in a folder', () => {
  it('proves an honest bundle to whoever pins its key', () => {
    const { status, stdout, stderr } = run('honest.json', '--key', vkey);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^已证明 \/ PROVED\n这份证据证明：.*\nThis evidence proves that, .*\n\n问题：sunshine，2026-11-03/,
    );
    expect(stdout).toContain('Asked: sunshine: 2026-11-03 – 2026-11-04, as of 2026-11-04T17:00:00.000Z');
    expect(stdout).toContain('共 144 个摄像机小时：已录制且可调取。');
    expect(stdout).toContain('honest when it recorded');
  });

  it('does not call it proved for whoever pins none', () => {
    const { status, stdout } = run('honest.json');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^未证明 \/ NOT PROVED\n这份证据未能证明：.*\nThis evidence does not prove that, .*\n\n/);
    expect(stdout).toContain('vouches for itself');
  });

  it('blames a key that cannot be read, not the bundle', () => {
    for (const key of ['nonsense', '', vkey.slice(0, -8)]) {
      const { status, stdout, stderr } = run('honest.json', '--key', vkey, '--key', key);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('Nothing was checked.');
      expect(stderr).toContain('文件尚未核验');
    }
  });

  it('refuses a changed one, and says so in both languages', () => {
    const { status, stdout } = run('changed.json', '--key', vkey);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^拒绝 \/ REFUSED \([a-z-]+\)\n这份文件什么也没有证明：.*\nThis file proves nothing\. .*\n/);
    expect(stdout).toContain('This file proves nothing.');
    expect(stdout).not.toContain('PROVED\n');
  });

  it('reports as JSON for a script', () => {
    const { status, stdout } = run('honest.json', '--key', vkey, '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ verdict: { is: 'proved' }, question: { facility: 'sunshine' } });
    expect(Object.keys(report)).toEqual(['verdict', 'question', 'proved', 'notProved', 'assumes']);
  });

  it('helps, and ends with 2 on a file or an option that is not there', () => {
    const help = run('--help');
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('cradlewatch-verify <bundle> [--key <vkey>]');
    expect(halfWidthIn(help.stdout)).toEqual([]);
    for (const args of [[], ['none.json'], ['honest.json', 'changed.json'], ['honest.json', '--trust-me']]) {
      const { status, stdout, stderr } = run(...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).not.toBe('');
    }
  });

  it('holds nothing that could reach a network, nor a path of the machine that made it', () => {
    const code = readFileSync(verifier, 'utf8');
    const loaded = [...code.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, from]) => from);
    expect([...new Set(loaded)].sort()).toEqual(['node:crypto', 'node:fs', 'node:util']);
    expect(code).not.toMatch(/\bfetch\s*\(|\bimport\s*\(|\brequire\s*\(|node:(http|net|tls|dns|child_process)/);
    expect(code).not.toContain('aws-sdk');
    expect(code).not.toContain(process.cwd());
    expect(code.length).toBeLessThan(200_000);
  });
});

describe('npx cradlewatch-verify, in a checkout', () => {
  const root = join(import.meta.dirname, '../../..');
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };

  it('is named in package.json, and runs the verifier of this very source', () => {
    const launcher = join(root, bin['cradlewatch-verify'] ?? '');
    const { status, stdout } = spawnSync(process.execPath, [launcher, join(alone, 'honest.json'), '--key', vkey], {
      cwd: alone,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^已证明 \/ PROVED\n/);
    expect(status).toBe(0);
  });

  it('needs nothing of the language that an older Node does not know: it is plain JavaScript', () => {
    for (const file of ['bin.mjs', 'bundle-verifier.mjs']) {
      expect(readFileSync(join(root, 'verify', file), 'utf8')).not.toMatch(/from '[^']*\.ts'/);
    }
  });
});
