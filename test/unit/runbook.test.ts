import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rejectReasons } from '../../shared/contracts/reports/answer.ts';
import { sweepCloseReasons } from '../../shared/domain/incident.ts';
import { evidenceCodes } from '../../shared/evidence/evidence-error.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
/** From one `## heading` to the next. */
const under = (heading: string): readonly string[] => {
  const [, section = ''] = runbook.split(new RegExp(`^## ${heading}.*$`, 'm'));
  return [...(section.split(/^## /m)[0] ?? '').matchAll(/^### (\S+)$/gm)].map(([, code = '']) => code);
};

describe('the runbook', () => {
  it('has each reject reason, and none that is gone', () => {
    expect([...under('Reject reasons')].sort()).toEqual([...rejectReasons].sort());
  });

  it('has each code of broken evidence, and none that is gone', () => {
    expect([...under('Evidence that is broken')].sort()).toEqual([...evidenceCodes].sort());
  });

  it('has each reason for which the sweep closes an incident, and none that is gone', () => {
    expect([...under('Incidents that nobody closed')].sort()).toEqual([...sweepCloseReasons].sort());
  });
});
