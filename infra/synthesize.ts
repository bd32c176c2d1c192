import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseRulePacks } from '../shared/rule-packs/parse.ts';
import { type BundleOptions, type Bundles, bundleFunctions } from './bundle.ts';
import { type Partition, parseSettings, readSettings, type Settings } from './settings.ts';
import { CradlewatchStack } from './stacks/cradlewatch-stack.ts';

const repository = join(import.meta.dirname, '..');

export interface SynthesizeOptions extends BundleOptions {
  /** Overrides the partition of the settings. */
  readonly partition?: Partition;
  /** Where the assembly goes. */
  readonly outdir: string;
  /** Unchecked settings; left out: `infra/settings/default.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Bundles made before, so that two partitions share one run of esbuild. */
  readonly bundles?: Bundles;
  /** Runs cdk-nag and CloudFormation's own schema rules, which takes some seconds. Left out: not run. */
  readonly checks?: boolean;
}

export interface Assembly {
  readonly assemblyDir: string;
  readonly templatePath: string;
  readonly stackName: string;
  readonly bundles: Bundles;
}

/**
 * Makes the cloud assembly in this process, offline. Throws SettingsError, MissingFunctionsError, the faults of the rule
 * packs, esbuild's errors, or the findings of the checks: whatever is wrong is wrong before anything is deployed.
 */
export const synthesize = async (options: SynthesizeOptions): Promise<Assembly> => {
  const settings = parseSettings({
    ...(options.settings ?? readSettings()),
    ...(options.partition ? { partition: options.partition } : {}),
  });
  // Functions read the packs unchecked: this is where a bad one is stopped.
  parseRulePacks();
  const bundles = options.bundles ?? bundleFunctions(options);
  const app = newApp(options.outdir, options.checks ?? false);
  const stack = addStack(app, settings, bundles);
  const assembly = app.synth();
  return {
    assemblyDir: assembly.directory,
    templatePath: join(assembly.directory, stack.templateFile),
    stackName: stack.stackName,
    bundles,
  };
};

/** An empty app with the feature flags of `cdk.json`, and with the checks or without any. */
export const newApp = (outdir: string, checks: boolean): App => {
  const app = new App({
    outdir: resolve(outdir),
    context: { ...cdkContext(), 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true },
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: checks,
  });
  if (checks) addChecks(app);
  return app;
};

/** Adds the one stack of this product. Shared by the CDK command line and by runs in this process. */
export const addStack = (app: App, settings: Settings, bundles: Bundles): CradlewatchStack =>
  new CradlewatchStack(app, { settings, bundles });

/** Lets cdk-nag judge the app when it is synthesized; a finding that nobody acknowledged fails it. */
export const addChecks = (app: App): void =>
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));

/** The context of `cdk.json`, so that both ways to synthesize have the same feature flags. */
const cdkContext = (): Record<string, unknown> => {
  const { context } = JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  return context;
};
