import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bundles, bundleFunctions } from './bundle.ts';
import { parseSettings, partitions, readSettings } from './settings.ts';
import { type Assembly, synthesize } from './synthesize.ts';

/**
 * `npm run synth [-- --settings file.json]`: makes and checks the assemblies of both partitions, offline, in
 * `cdk.out/aws` and `cdk.out/aws-cn`. Exits 1 with the reasons if either cannot be made or a check finds something.
 */
const synthAll = async (settingsFile: string | undefined): Promise<void> => {
  const settings = readSettings(settingsFile);
  for (const partition of partitions) parseSettings({ ...settings, partition }, settingsFile);
  const bundles = bundleFunctions();
  printBundles(bundles);
  for (const partition of partitions) {
    const outdir = join(import.meta.dirname, '..', 'cdk.out', partition);
    printAssembly(partition, await synthesize({ partition, outdir, settings, bundles, checks: true }));
  }
};

const printBundles = ({ bytes }: Bundles): void => {
  for (const [name, size] of Object.entries(bytes)) console.log(`bundle  ${name.padEnd(20)} ${kilobytes(size)} KB`);
};

const kilobytes = (size: number): string => (size / 1000).toFixed(0).padStart(5);

const printAssembly = (partition: string, { templatePath, stackName }: Assembly): void => {
  const text = readFileSync(templatePath, 'utf8');
  const resources = Object.keys((JSON.parse(text) as { Resources: object }).Resources).length;
  const path = relative(process.cwd(), templatePath);
  console.log(
    `stack   ${partition.padEnd(6)} ${stackName}: ${resources} resources, ${kilobytes(text.length).trim()} KB, ${path}`,
  );
};

try {
  const { values } = parseArgs({ options: { settings: { type: 'string' } } });
  await synthAll(values.settings);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
