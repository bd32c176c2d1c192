import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { createSignatureSync } from 'http-message-sig';
import {
  formatKeyId,
  type KeyId,
  SIGNATURE_ALGORITHM,
  SIGNATURE_TAG,
  signedComponents,
} from '../../contracts/signature-profile.ts';
import { UnavailableError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReportSender } from '../../ports/report-sender.ts';

const ANSWER_MS = 20_000;
/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same key for the same secret, whatever text it is: nobody has to carry a key anywhere. */
export const keyFromSecret = (secret: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8, createHash('sha256').update(secret).digest()]),
    format: 'der',
    type: 'pkcs8',
  });

const rawPublicKey = (privateKey: KeyObject): string => createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';

/** Adds what a gateway with SigV4 asks for besides our own signature. */
export type SignFurther = (request: {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<Readonly<Record<string, string>>>;

export interface ReportSenderOptions {
  /** Address of the API. */
  readonly api: string;
  readonly facilityId: string;
  readonly box: string;
  readonly privateKey: KeyObject;
  readonly clock: Clock;
  readonly signFurther?: SignFurther;
}

/** Sends one report as a box does: RFC 9421 over an RFC 9530 digest. */
export const makeReportSender = (options: ReportSenderOptions): ReportSender => {
  const { api, facilityId, box, privateKey, clock, signFurther } = options;
  const keyId: KeyId = { facilityId, box, key: rawPublicKey(privateKey) };
  const signed = (url: URL, body: string): Record<string, string> => {
    const digest = createHash('sha256').update(body).digest('base64');
    const covered = { 'content-type': 'application/json', 'content-digest': `sha-256=:${digest}:` };
    const { signature, signatureInput } = createSignatureSync(
      {
        kind: 'request',
        method: 'POST',
        targetUri: url.href,
        fields: Object.entries(covered).map(([name, value]) => ({ name, value })),
      },
      {
        label: 'sig1',
        components: signedComponents,
        parameters: { created: Math.floor(clock() / 1000), keyid: formatKeyId(keyId), tag: SIGNATURE_TAG },
        signer: { algorithm: SIGNATURE_ALGORITHM, sign: (data) => sign(null, data, privateKey) },
      },
    );
    return { ...covered, 'signature-input': signatureInput, signature };
  };
  return {
    key: keyId.key,
    send: async (path, report) => {
      const url = new URL(path, api);
      const body = JSON.stringify(report);
      const headers = signed(url, body);
      const all = signFurther === undefined ? headers : await signFurther({ url, headers, body });
      const answer = await answerOf(url, all, body);
      if (answer.result !== 'accepted')
        throw new UnavailableError(`${path} answered ${answer.status} ${answer.result}`);
    },
  };
};

interface Answered {
  readonly status: number;
  /** Of the one report; `none` where there is none (a problem document, another server). */
  readonly result: string;
}

const answerOf = async (url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answered> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const said = (await response.json()) as {
      readonly code?: string;
      readonly results?: readonly { result: string }[];
    };
    return { status: response.status, result: said.results?.[0]?.result ?? said.code ?? 'none' };
  } catch (cause) {
    throw new UnavailableError(`no answer from ${url.host}`, { cause });
  }
};
