import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { LONGEST_TYPED } from '../../shared/contracts/answer-link.ts';
import { type LinkChoice, linkChoices } from '../../shared/domain/delivery/delivery.ts';
import { rawBody } from '../../shared/runtime/raw-body.ts';
import type { Typed } from './page/pages.ts';
import { formWords } from './page/words.ts';

/** Two short fields and a choice; nothing larger is even parsed. */
export const LARGEST_FORM_BYTES = 4_096;

/** What the browser sent. `status`: it is no form of ours. */
export type ReadForm =
  | { readonly choice: LinkChoice; readonly name: string; readonly unit: string }
  | { readonly status: 413 | 415 | 422 };

const isForm = (type: string | undefined): boolean => /^application\/x-www-form-urlencoded *(;|$)/i.test(type ?? '');

/** Spaces around it, and what a terminal or a log would obey, are no part of a name. */
const typedIn = (form: URLSearchParams, name: string): string =>
  (form.get(name) ?? '')
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .trim();

export const readForm = (event: APIGatewayProxyEventV2): ReadForm => {
  const bytes = rawBody(event);
  if (bytes.length > LARGEST_FORM_BYTES) return { status: 413 };
  if (!isForm(event.headers['content-type'])) return { status: 415 };
  const form = new URLSearchParams(bytes.toString('utf8'));
  const choice = linkChoices.find((one) => one === form.get('choice'));
  if (choice === undefined || form.getAll('choice').length > 1) return { status: 422 };
  return { choice, name: typedIn(form, 'name'), unit: typedIn(form, 'unit') };
};

const faultOf = (text: string) => {
  if (text === '') return formWords.missing;
  return [...text].length > LONGEST_TYPED ? formWords.tooLong : undefined;
};

/** Says of each field of a group what is wrong with it; no fault = it may be kept. */
export const checkTyped = ({ name, unit }: Pick<Typed, 'name' | 'unit'>): Typed => {
  const [nameFault, unitFault] = [faultOf(name), faultOf(unit)];
  return { name, unit, faults: { ...(nameFault && { name: nameFault }), ...(unitFault && { unit: unitFault }) } };
};
