import type { EvidenceKind } from '../evidence/evidence-kinds.ts';
import type { EvidenceStore } from '../ports/evidence-store.ts';
import type { RegistryStore } from '../ports/registry-store.ts';
import type { VerifyRequest } from '../ports/request-verifier.ts';
import { makeKeepRequest } from '../use-cases/keep-request.ts';
import { registryOfRequest } from '../use-cases/of-one-request.ts';
import { freshSalt } from './fresh-salt.ts';
import type { ReceiverDependencies } from './receive-reports.ts';
import { type HttpHandler, type LambdaHandler, serveHttp } from './serve-http.ts';

type RegistryReads = Pick<RegistryStore, 'readFacility' | 'isKeyLive'>;

export interface SealedReceiver<Take> {
  readonly kind: EvidenceKind;
  readonly verify: VerifyRequest;
  readonly registry: RegistryReads;
  readonly putEvidence: EvidenceStore['put'];
  /** What takes the reports of one request, with the registry as that request sees it. */
  readonly ofRequest: (registry: RegistryReads) => Omit<ReceiverDependencies<Take>, 'verify' | 'clock' | 'keepRequest'>;
}

/** Serves a receiver whose requests are kept under seal: what takes the reports and what keeps the request read the key once. */
export const serveSealedReports = <Take>(
  makeHandler: (dependencies: ReceiverDependencies<Take>) => HttpHandler,
  { kind, verify, registry, putEvidence, ofRequest }: SealedReceiver<Take>,
): LambdaHandler =>
  serveHttp((event) => {
    const seen = registryOfRequest(registry);
    const keepRequest = makeKeepRequest({ putEvidence, isKeyLive: seen.isKeyLive, kind, freshSalt });
    return makeHandler({ ...ofRequest(seen), verify, keepRequest, clock: () => Date.now() })(event);
  });
