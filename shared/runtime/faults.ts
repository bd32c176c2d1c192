import type * as z from 'zod/mini';
import type { Fault } from '../domain/errors.ts';

/** More would not help anybody to mend it. */
const MOST_FAULTS = 20;
const LONGEST_NAME = 64;

/** JSON pointer (RFC 6901). */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).slice(0, LONGEST_NAME).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

type Issue = z.core.$ZodIssue;

const limitOf = (issue: Issue): string => {
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  return issue.code === 'too_small' ? `must be at least ${issue.minimum}` : '';
};

const sizeWords: Readonly<Record<string, string>> = { string: ' characters long', array: ' entries long' };

const formatWords: Readonly<Record<string, string>> = {
  datetime:
    'must be an instant with its offset, such as 2026-09-03T10:00:00+08:00 (in an address + is %2B) or 2026-09-03T02:00:00Z',
  date: 'must be a day that there is, written such as 2026-09-03',
};

/** Each form by what it asks of the whole value; a form that is right but for a part of it says nothing here. */
const formsOf = ({ errors }: z.core.$ZodIssueInvalidUnion): string => {
  const asked = errors.flatMap((issues) =>
    issues
      .filter(({ path }) => path.length === 0)
      .slice(0, 1)
      .map(messageOf),
  );
  return [...new Set(asked)].join('; or ') || 'fits none of the allowed forms';
};

/** Says what would be right and never repeats what was sent. */
const messageOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
    case 'too_small':
      return `${limitOf(issue)}${sizeWords[issue.origin] ?? ''}`;
    case 'invalid_format':
      if (issue.format === 'regex') return `must match ${issue.pattern}`;
      return formatWords[issue.format] ?? `must be a valid ${issue.format}`;
    case 'invalid_union':
      return formsOf(issue);
    case 'invalid_key':
      return 'is not an allowed name';
    default:
      return issue.message;
  }
};

const faultsOfIssue = (issue: Issue): readonly Fault[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), message: 'unknown field' }))
    : [{ pointer: pointerOf(issue.path), message: messageOf(issue) }];

/** Everything that a schema refused, each with its place; an unknown field is named itself. */
export const faultsOf = (error: z.core.$ZodError): readonly Fault[] =>
  error.issues.flatMap(faultsOfIssue).slice(0, MOST_FAULTS);
