import { App } from 'aws-cdk-lib/core';
import { parseRulePacks } from '../shared/rule-packs/parse.ts';
import { bundleFunctions } from './bundle.ts';
import { parseSettings, readSettings } from './settings.ts';
import { addChecks, addStack } from './synthesize.ts';

/**
 * What `cdk synth`, `cdk diff` and `cdk deploy` run. `-c settings=<file>` names the settings,
 * `-c partition=aws-cn` changes only the partition. The command line synthesizes the app when this file ends.
 */
const app = new App({ analyticsReporting: false });
const context = (key: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(key);
  return typeof value === 'string' ? value : undefined;
};

try {
  const file = context('settings');
  const partition = context('partition');
  const settings = parseSettings({ ...readSettings(file), ...(partition ? { partition } : {}) }, file);
  parseRulePacks();
  addStack(app, settings, bundleFunctions());
  addChecks(app);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
