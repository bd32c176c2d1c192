import { resolve } from 'node:path';
import { buildVerifier } from './bundle-verifier.mjs';

/** `npm run verifier [file]`: makes the one file that an auditor carries away, and says where it is. */
console.log(buildVerifier(process.argv[2] === undefined ? undefined : resolve(process.argv[2])));
