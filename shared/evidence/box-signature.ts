import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isInnerList, parseList } from 'structured-headers';
import { isAcceptableEd25519Key } from '../contracts/ed25519-key.ts';
import { type KeyId, parseKeyId, SIGNATURE_TAG, signedComponents } from '../contracts/signature-profile.ts';
import { digestFault } from './content-digest.ts';
import { EvidenceError, quoted } from './evidence-error.ts';
import { ownKinds } from './evidence-kinds.ts';
import type { OpenedLeaf } from './leaf.ts';

/*
 * Whether a box said what a record holds. A receiver asks the same when a request arrives; asked again of what was
 * sealed, it shows whoever trusts nobody that the record is not of our making.
 */

/** A request of a box, as it is kept. */
export interface SignedContent {
  readonly body: Uint8Array;
  /** RFC 9421 §2.5. */
  readonly signatureBase: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

const forged = (why: string): never => {
  throw new EvidenceError('forged-record', why);
};

const PARAMETERS = '@signature-params';

/** The lines of a base by their names, in their order. */
const linesOf = (base: Uint8Array): ReadonlyMap<string, string> => {
  const lines = Buffer.from(base).toString('latin1').split('\n');
  const named = lines.map((line) => {
    const [, name = '', value = ''] =
      /^"([@a-z-]+)": (.*)$/.exec(line) ?? forged('A line of a signature base has no name.');
    return [name, value] as const;
  });
  return new Map(named);
};

interface Parameters {
  readonly covered: readonly string[];
  readonly keyid: unknown;
  readonly tag: unknown;
}

const parametersOf = (line: string): Parameters => {
  try {
    const [only, ...more] = parseList(line);
    if (only !== undefined && more.length === 0 && isInnerList(only)) {
      const [items, parameters] = only;
      return {
        covered: items.map(([name]) => String(name)),
        keyid: parameters.get('keyid'),
        tag: parameters.get('tag'),
      };
    }
  } catch {
    // It is no structured field.
  }
  return forged('The parameters of a signature cannot be read.');
};

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at]);

const publicKeyOf = (key: string): KeyObject =>
  isAcceptableEd25519Key(key)
    ? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' })
    : forged(`${key} is no key that a box may have.`);

/**
 * Verifies that the box of this key signed these very bytes, by the profile of our API. Throws `forged-record`. Whose key
 * it is, is not known here: the reader compares it with the one that the box shows.
 */
export const verifyBoxSignature = ({ body, signatureBase, signature }: SignedContent): KeyId => {
  const lines = linesOf(signatureBase);
  const { covered, keyid, tag } = parametersOf(lines.get(PARAMETERS) ?? '');
  if (!isSameList([...covered, PARAMETERS], [...lines.keys()]))
    forged('A signature base has other lines than it names.');
  if (!isSameList([...covered].sort(), [...signedComponents].sort())) {
    forged(`A box signs ${signedComponents.join(' ')}, and this covers ${quoted(covered.join(' '))}.`);
  }
  if (tag !== SIGNATURE_TAG) forged(`A box signs with the tag ${SIGNATURE_TAG}, and this has another.`);
  const fault = digestFault(lines.get('content-digest') ?? '', body);
  if (fault !== undefined) forged(fault);
  const sender = parseKeyId(typeof keyid === 'string' ? keyid : '') ?? forged('The keyid of a signature names no box.');
  if (signature.length !== 64 || !verify(null, signatureBase, publicKeyOf(sender.key), signature)) {
    forged(`The signature is not that of ${sender.facilityId}/${sender.box} with the key ${sender.key}.`);
  }
  return sender;
};

const own: ReadonlySet<string> = new Set(ownKinds);

/**
 * The box that signed a record, which is one of its facility. Undefined where nothing can be read, and of a record of our
 * own making. Throws `forged-record`.
 */
export const signerOf = (opened: OpenedLeaf, signature: Uint8Array | undefined): KeyId | undefined => {
  if (opened.state !== 'readable' || own.has(opened.envelope.kind)) return undefined;
  const { envelope, body, signatureBase } = opened;
  if (signature === undefined) return forged(`${envelope.kind} ${envelope.id} brings no signature.`);
  const sender = verifyBoxSignature({ body, signatureBase, signature });
  return sender.facilityId === envelope.facility
    ? sender
    : forged(`${envelope.kind} ${envelope.id} is signed by a box of ${sender.facilityId}.`);
};
