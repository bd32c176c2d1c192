import { expect, test, vi } from 'vitest';
import { synthesize } from '../../infra/synthesize.ts';
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
