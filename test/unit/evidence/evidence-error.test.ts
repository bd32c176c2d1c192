import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EvidenceError, evidenceCodes } from '../../../shared/evidence/evidence-error.ts';

describe('what people are told of refused evidence', () => {
  it.each([
    ['changed-byte', 'What is shown is not what was sealed: at least one byte was changed.', '改动'],
    ['dropped-leaf', 'Something sealed is missing: less is shown than was counted when it was sealed.', '缺少'],
    ['added-leaf', 'Something was slipped in: more is shown than was counted when it was sealed.', '混入'],
    [
      'rewritten-day',
      'The log of today does not continue the log of then: a sealed day was rewritten, or the proof was changed.',
      '改写',
    ],
    ['forked-log', 'The log tells two stories: it has two different trees of the same size.', '分叉'],
    ['forged-tree', 'The tree is forged: it was made to look shorter or longer than the one that was sealed.', '伪造'],
    ['forged-record', 'A record is shown as what a box said, and that box did not sign it.', '并未签名'],
    ['wrong-origin', 'This comes from another log than the one that was asked about.', '另一份日志'],
    ['wrong-key', 'None of the keys that you trust has signed this.', '密钥'],
    [
      'unwitnessed',
      'The log of its region does not have this log: nobody else could show which of two stories was first.',
      '地区日志中没有',
    ],
    ['malformed', 'This cannot be read as evidence: it does not have the form that it should have.', '格式'],
  ] as const)('%s', (code, en, zh) => {
    const error = new EvidenceError(code, 'Leaf 3.');
    expect(error.words.en).toBe(en);
    expect(error.words.zh).toContain(zh);
    expect(error).toMatchObject({ name: 'EvidenceError', code, message: 'Leaf 3.', retryable: false });
  });

  it('is all that there is, and the glossary has it', () => {
    expect(evidenceCodes).toHaveLength(11);
    const glossary = readFileSync(join(import.meta.dirname, '../../../docs/glossary.md'), 'utf8');
    const row = glossary.split('\n').find((line) => line.startsWith('| refusal')) ?? '';
    expect([...row.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code)).toEqual([...evidenceCodes]);
  });
});
