import { expect, test, vi } from 'vitest';
import { synthesize } from '../../infra/synthesize.ts';
import { packFiles } from '../../shared/rule-packs/index.ts';
import { parseRulePacks } from '../../shared/rule-packs/parse.ts';
import { temporaryFolder, writeFixtureFunctions } from './support/fixture-functions.ts';

vi.mock('../../shared/rule-packs/parse.ts', { spy: true });

const synthesizeSmall = () => {
  const folder = temporaryFolder();
  return synthesize({
    outdir: `${folder}/out`,
    functionsDir: writeFixtureFunctions(`${folder}/functions`),
    bundlesDir: `${folder}/bundles`,
  });
};

test('the packs that ship do not stop a synth', async () => {
  await expect(synthesizeSmall()).resolves.toHaveProperty('templatePath');
  expect(parseRulePacks).toHaveBeenCalledOnce();
});

test('a pack with a fault stops the synth with the fault', async () => {
  const fault = 'taizhou@1.rules.0: unrecognized key "silentAfterSecond"';
  vi.mocked(parseRulePacks).mockImplementationOnce(() => {
    throw new Error(fault);
  });
  await expect(synthesizeSmall()).rejects.toThrow(fault);
});

/** One fault of each kind, over three packs, one of them of a wrong shape. */
const faultyPacks = (): readonly unknown[] => {
  const files = structuredClone(packFiles) as unknown as Record<string, Record<string, never>>[];
  const set = (name: string, path: string, value: unknown): void => {
    const keys = path.split('/');
    const last = keys.pop() ?? '';
    const pack = files.find((one) => String(one.name) === name) as unknown as Record<string, unknown>;
    const inner = keys.reduce((at, key) => at[key] as Record<string, unknown>, pack);
    if (value === undefined) delete inner[last];
    else inner[last] = value;
  };
  set('jiangyin', 'rules/guard-present/tellAfterSeconds', 5);
  set('jiangyin', 'duties/drill', { source: 'rumour' });
  set('jiangyin', 'thresholds/clockOffsetMs', { value: 90_000_000, source: 'configuration' });
  set('jiangyin', 'hazards/fire/act', ['fire', 'emergency']);
  set('jiangyin', 'hazards/morning_noon_checks', undefined);
  set('yuncheng', 'hazards/fire/copy', ['police', 'navy']);
  set('yuncheng', 'thresholds/flapMs', { value: 1 });
  const taizhou = files.find((one) => String(one.name) === 'taizhou');
  return [...files, { ...taizhou, version: '2', effectiveFrom: '2026-01-01' }];
};

test('each kind of fault stops the synth, all of them at once, each with its path', async () => {
  const { parseRulePacks: real } = await vi.importActual<typeof import('../../shared/rule-packs/parse.ts')>(
    '../../shared/rule-packs/parse.ts',
  );
  vi.mocked(parseRulePacks).mockImplementationOnce(() => real(faultyPacks()));
  const message = await synthesizeSmall().then(
    () => 'it did not stop',
    (error: Error) => error.message,
  );
  for (const expected of [
    'jiangyin@1.rules.guard-present: Unrecognized key: "tellAfterSeconds"',
    'jiangyin@1.thresholds.clockOffsetMs.value: Too big',
    'jiangyin@1.duties.drill.source: no citation "rumour"',
    'jiangyin@1.hazards.fire.act.1: no department "emergency", so no topic',
    'jiangyin@1.hazards.morning_noon_checks: neither routed nor silent',
    'yuncheng@1.hazards.fire.copy.1: no department "navy", so no topic',
    'yuncheng@1.thresholds.flapMs.source: ',
    'taizhou@2.effectiveFrom: overlaps taizhou@1 in time',
  ]) {
    expect(message).toContain(`  ${expected}`);
  }
});
