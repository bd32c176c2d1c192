/** What a code of a problem document means. `docs/runbook.md` has a heading for each. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What to do next; used where the code that refuses has nothing more exact to say. */
  readonly todo: string;
}

const RESEND = 'Nothing was lost: keep what you sent and send the same again after Retry-After seconds.';

/** Every code of every problem document (RFC 9457), once: answers and the OpenAPI document are made from it. */
export const problemKinds = {
  'not-json': { status: 400, title: 'The body is not JSON', todo: 'Send UTF-8 JSON.' },
  'not-csv': {
    status: 400,
    title: 'The body is not a CSV in UTF-8',
    todo: 'In Excel choose "Save as" and "CSV UTF-8 (comma delimited)", then send that file.',
  },
  'path-invalid': { status: 400, title: 'The path is not valid', todo: 'Mend the part of the path named in `faults`.' },
  'query-invalid': { status: 400, title: 'The query is not valid', todo: 'Mend the parameters named in `faults`.' },
  'cursor-invalid': {
    status: 400,
    title: 'The cursor belongs to no page of this list',
    todo: 'Start again without a cursor.',
  },
  'signature-missing': {
    status: 401,
    title: 'The request is not signed',
    todo: 'Sign it as RFC 9421 says: headers Signature-Input, Signature and Content-Digest.',
  },
  'signature-invalid': {
    status: 401,
    title: 'The signature does not verify',
    todo: 'Compare `signatureBase`, which is what we computed, with the bytes that you signed.',
  },
  'digest-mismatch': {
    status: 401,
    title: 'The content digest does not fit the body',
    todo: 'Compute Content-Digest over the very bytes that you send.',
  },
  'authority-unknown': {
    status: 401,
    title: 'The request was made for another host',
    todo: 'Sign for the host name under which this API is published, and send it as Host.',
  },
  'token-missing': { status: 401, title: 'No bearer token', todo: 'Send Authorization: Bearer and an OIDC token.' },
  'token-refused': { status: 401, title: 'The bearer token is refused', todo: 'Get a fresh token and try again.' },
  'key-not-live': {
    status: 403,
    title: 'The key is not live for this box',
    todo: 'Ask the registrar to enrol this key for this box, then send the same again.',
  },
  forbidden: { status: 403, title: 'You may not do this', todo: 'Ask an administrator for the role that may.' },
  'not-found': { status: 404, title: 'Nothing is here', todo: 'Check the path, and whether your roles reach it.' },
  'version-conflict': {
    status: 409,
    title: 'Somebody else changed it first',
    todo: 'Read it again and repeat your change on the new version.',
  },
  'not-sealed-yet': {
    status: 409,
    title: 'Nothing is under seal yet up to the instant that you ask as of',
    todo: 'Ask as of an earlier instant, or again after the day was sealed, soon after midnight.',
  },
  'already-closed': {
    status: 409,
    title: 'The incident is closed already',
    todo: 'Read it: its timeline says who closed it, when and why.',
  },
  'too-large': { status: 413, title: 'The body is too large', todo: 'Send fewer reports: at most 262144 bytes.' },
  'not-json-content-type': {
    status: 415,
    title: 'The content type is not application/json',
    todo: 'Send Content-Type: application/json.',
  },
  'not-csv-content-type': {
    status: 415,
    title: 'The content type is not text/csv',
    todo: 'Send Content-Type: text/csv.',
  },
  'too-many-reports': {
    status: 422,
    title: 'The list has no report, or too many',
    todo: 'Send 1 to 100 reports in one request.',
  },
  'report-invalid': {
    status: 422,
    title: 'The report does not fit its schema',
    todo: 'Mend the fields named in `faults`; sending the same again is refused again.',
  },
  'body-invalid': {
    status: 422,
    title: 'The body does not fit its schema',
    todo: 'Mend the fields named in `faults`.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    todo: 'Send the same again after Retry-After seconds.',
  },
  internal: { status: 500, title: 'We made a mistake', todo: RESEND },
  conflict: { status: 503, title: 'Somebody else kept changing the same item', todo: RESEND },
  unavailable: { status: 503, title: 'Our store or topic does not answer', todo: RESEND },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof problemKinds;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemKinds, code);

/** The `type` of a problem document: a name, not an address. */
export const problemType = (code: ProblemCode): string => `urn:cradlewatch:problem:${code}`;

/** Seconds after which a request that we could not serve may be sent again. */
export const RETRY_AFTER_SECONDS = 5;
