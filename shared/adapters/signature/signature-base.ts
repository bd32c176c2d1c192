import { createSignatureSync, type RequestDescriptor, type SignatureParameters } from 'http-message-sig';
import { isInnerList, parseDictionary } from 'structured-headers';
import { SIGNATURE_ALGORITHM } from '../../contracts/signature-profile.ts';

/**
 * The signature base (RFC 9421 §2.5) that we compute for what `Signature-Input` says is covered, shown to a signer whose
 * request is refused. Undefined if that field says nothing that a base could be made of.
 */
export const signatureBaseOf = (message: RequestDescriptor): string | undefined => {
  try {
    return compute(message);
  } catch {
    return undefined;
  }
};

const compute = (message: RequestDescriptor): string | undefined => {
  const field = message.fields.find(({ name }) => name === 'signature-input')?.value ?? '';
  const input = parseDictionary(field).values().next().value;
  if (input === undefined || !isInnerList(input)) return undefined;
  let base: string | undefined;
  createSignatureSync(message, {
    components: input[0].map(([name]) => String(name)),
    parameters: Object.fromEntries(input[1]) as SignatureParameters,
    signer: {
      algorithm: SIGNATURE_ALGORITHM,
      sign: (data) => {
        base = new TextDecoder().decode(data);
        return new Uint8Array();
      },
    },
  });
  return base;
};
