import type { ErasureBody } from '../../shared/contracts/erasures.ts';
import { parseKeyId } from '../../shared/contracts/signature-profile.ts';
import { readInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { NotFoundError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EvidencePlace, EvidenceRecord, EvidenceStore } from '../../shared/ports/evidence-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';

export interface EraseDeps {
  readonly evidence: Pick<EvidenceStore, 'within' | 'erase'>;
  readonly records: Pick<RecordStore, 'eraseCheck'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'appendErasure' | 'listChanges'>;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** What was destroyed, and when first. */
export interface Erased {
  readonly place: EvidencePlace;
  readonly digest: string;
  readonly erasedAtMs: number;
  readonly copies: number;
}

/**
 * Destroys what one record under seal said, and the copies of it that the product works with. Its digest stays, and with
 * it every proof. Erasing it again changes nothing. Throws `ForbiddenError` or `NotFoundError`.
 */
export const eraseRecord = async (
  deps: EraseDeps,
  person: Person,
  facilityId: string,
  named: ErasureBody,
): Promise<Erased> => {
  const facility = await facilityFor(deps.registry, person, 'erase-record', facilityId);
  const place = { facility: facility.id, kind: named.kind, id: named.id, receivedAtMs: readInstant(named.receivedAt) };
  const record = await recordAt(deps, place);
  if (record === undefined) throw new NotFoundError(`no record ${place.kind} ${place.id} of that instant`);
  const nowMs = deps.clock();
  // Copies first. Dying after some: the record still says which they are, and erasing it again empties the others.
  const copies = await emptyCopies(deps, record);
  // Dying after it: erased, and not in the change log until it is asked for again.
  await deps.evidence.erase(place, nowMs);
  await note(deps, person, facility, named, nowMs);
  return { place, digest: record.digest, erasedAtMs: record.erasedAtMs ?? nowMs, copies };
};

const recordAt = async ({ evidence }: EraseDeps, place: EvidencePlace): Promise<EvidenceRecord | undefined> => {
  const atThatInstant = { fromMs: place.receivedAtMs, toMs: place.receivedAtMs + 1 };
  const found = await evidence.within(place.facility, atThatInstant);
  return found.find(({ kind, id }) => kind === place.kind && id === place.id);
};

/** The line of the signature base in which a request names its key, and by that its box. */
const keyIdLine = /;keyid="([^"]+)"/;

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

/** Ids of the reports in a request; what is kept readable has fitted its schema. */
const reportIdsOf = (body: Uint8Array): readonly string[] => {
  const parsed: unknown = JSON.parse(textOf(body));
  return (Array.isArray(parsed) ? parsed : [parsed]).map(({ id }: { readonly id: string }) => id);
};

/** Only checks speak of a child, by a pseudonym; of anything else the copies name nobody. */
const emptyCopies = async ({ records }: EraseDeps, { facility, kind, content }: EvidenceRecord): Promise<number> => {
  const box = parseKeyId(keyIdLine.exec(textOf(content.signatureBase))?.[1] ?? '')?.box;
  if (kind !== 'checks' || content.body === undefined || box === undefined) return 0;
  let emptied = 0;
  for (const id of reportIdsOf(content.body)) if (await records.eraseCheck(facility, box, id)) emptied += 1;
  return emptied;
};

const RECENT = 20;

/** Who had what destroyed and why: once, however often it is asked for again soon. */
const note = async (
  { registry, newId }: EraseDeps,
  person: Person,
  facility: Facility,
  { kind, id, receivedAt, reason }: ErasureBody,
  atMs: number,
): Promise<void> => {
  const what = `erased ${kind} ${id} received ${receivedAt}: ${reason}`;
  const { items } = await registry.listChanges(facility.id, RECENT);
  if (items.some((one) => one.what === what)) return;
  await registry.appendErasure(facility.id, { atMs, id: newId(), by: person.subject, what, version: facility.version });
};
