import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { streams } from '../../box/streams.ts';
import { receiverAnswerSchema, rejectReasons } from '../../shared/contracts/reports/answer.ts';
import { digestSchema } from '../../shared/contracts/reports/digest.ts';
import { recordingSchema } from '../../shared/contracts/reports/recording.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const guide = readFileSync(join(docs, 'vendors', 'README.md'), 'utf8');
const [hourOfFilm, hourOfBeats, holds] = [...guide.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);

it('the examples of the guide for vendors fit the contracts to the letter', () => {
  expect(recordingSchema.parse(JSON.parse(hourOfFilm ?? ''))).toBeDefined();
  expect(digestSchema.parse(JSON.parse(hourOfBeats ?? ''))).toBeDefined();
  const results = [{ id: 'a', result: 'accepted' }];
  const answer = { serverTime: '2026-03-02T02:02:00.000Z', results, challenges: [], ...JSON.parse(`{${holds}}`) };
  expect(receiverAnswerSchema.parse(answer)).toEqual(answer);
});

it('the guide names every path of a report, and the runbook every reason of a rejection', () => {
  for (const stream of streams) expect(guide).toContain(`| \`POST /v1/${stream}\` |`);
  const runbook = readFileSync(join(docs, 'runbook.md'), 'utf8');
  const reasons = runbook.slice(runbook.indexOf('## Reject reasons (one report in a request)'));
  for (const reason of rejectReasons) expect(reasons).toContain(`### ${reason}\n`);
});
