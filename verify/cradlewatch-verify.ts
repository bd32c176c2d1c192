#!/usr/bin/env node
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MOST_BUNDLE_BYTES } from '../shared/evidence/bundle.ts';
import { parseNoteKey } from '../shared/evidence/note-key.ts';
import { tellBundle } from '../shared/evidence/verify-bundle.ts';
import { exitCodeOf, pageOf } from './page.ts';

const USAGE = `cradlewatch-verify <bundle> [--key <vkey>]...

Verifies a bundle of evidence offline: no network, no account, and without trusting who made it.
离线核验一份证据文件：不联网、不需账号、无需信任制作者。

  --key <vkey>  a public key that you trust, as one line name+id+base64, got by another way than the bundle; may be
                repeated. Without it nothing is proved, only checked.
                您所信任的公钥（一行），须另行取得；可重复。不指定时只作检查，不算证明。
  --json        the report as JSON
  --help        this text

Exit code: 0 proved, 1 not proved, 2 refused or unreadable.
退出码：0 已证明，1 未证明，2 被拒绝或无法读取。`;

const read = (path: string): Uint8Array => {
  const { size } = statSync(path);
  if (size > MOST_BUNDLE_BYTES) throw new Error(`${path} has more than ${MOST_BUNDLE_BYTES} bytes: no bundle has.`);
  return readFileSync(path);
};

/** A key that cannot be read says nothing about the file: it is not the file that is refused then. */
const requireKeys = (keys: readonly string[]): void => {
  for (const key of keys) {
    try {
      parseNoteKey(key);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`--key 无法读取，文件尚未核验。\nA --key cannot be read: ${why} Nothing was checked.`);
    }
  }
};

const main = (): number => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error(USAGE);
  requireKeys(values.key ?? []);
  const told = tellBundle(read(path), values.key);
  console.log(values.json ? JSON.stringify(told.report, undefined, 2) : pageOf(told));
  return exitCodeOf(told.report);
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
