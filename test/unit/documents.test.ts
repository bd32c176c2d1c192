import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../shared/contracts/routes.ts';

const docs = join(import.meta.dirname, '../../docs');
const textOf = (file: string): string => readFileSync(join(docs, file), 'utf8');

describe('the decisions', () => {
  const files = readdirSync(join(docs, 'decisions')).filter((file) => /^\d/.test(file));

  it('have a number each, which is in the heading too', () => {
    const numbers = files.map((file) => file.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(files.map((file) => /^# (\d{4}) \S/.exec(textOf(join('decisions', file)))?.[1])).toEqual(numbers);
  });

  it('are listed, by their headings', () => {
    const listed = textOf('decisions/README.md')
      .split('\n')
      .filter((line) => line.startsWith('- '));
    const headings = files.map((file) => {
      const [heading = ''] = textOf(join('decisions', file)).split('\n');
      return `- [${heading.slice(2, 6)}](${file}) ${heading.slice(7)}`;
    });
    expect(listed).toEqual(headings);
  });
});

describe('the glossary', () => {
  it('explains each word once', () => {
    const words = textOf('glossary.md')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| word '))
      .map((line) =>
        line
          .split('|')[1]
          ?.replaceAll(/\p{Script=Han}+/gu, '')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      );
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });
});

describe('the architecture', () => {
  it('has every function', () => {
    const table = textOf('architecture.md').split('## Functions')[1]?.split('\n## ')[0] ?? '';
    const isThere = (name: string): boolean => table.includes(`\`${name}\``) || name.startsWith('receive-');
    expect(functionNames.filter((name) => !isThere(name))).toEqual([]);
  });
});
