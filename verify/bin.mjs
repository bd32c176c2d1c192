#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { buildVerifier } from './bundle-verifier.mjs';

/*
 * `npx cradlewatch-verify <bundle>` in a checkout, after `npm ci`: makes the verifier of this very source, and runs it. It
 * takes a tenth of a second, and a verifier of last month's source never answers for this one.
 */
await import(pathToFileURL(buildVerifier()).href);
