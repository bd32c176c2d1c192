import type { ChallengeQuestion } from '../shared/domain/challenges/challenge.ts';
import type { HoldToKeep } from '../shared/domain/legal-holds.ts';
import type { SealingKey } from './challenges.ts';

/** What the answer to a recording report asks and orders. */
export interface HeardInAnswer {
  readonly challenges?: readonly ChallengeQuestion[];
  readonly sealTo?: SealingKey;
  /** Absent = the answer says nothing of orders. */
  readonly holds?: OrdersHeard;
}

/** The orders that bind now. */
export interface OrdersHeard {
  readonly toKeep: readonly HoldToKeep[];
  /** False = some could not be read: none of those that were heard before is known to be over. */
  readonly areAll: boolean;
}

type Wire = Readonly<Record<string, unknown>>;

/** What a newer server adds is no fault, and what this box cannot read it leaves: it asks its recorder for nothing else. */
export const heardIn = ({ challenges, sealTo, holds }: Wire): HeardInAnswer => {
  const key = keyOf(sealTo);
  return {
    ...(Array.isArray(challenges) && { challenges: challenges.flatMap(questionOf) }),
    ...(key !== undefined && { sealTo: key }),
    ...(Array.isArray(holds) && { holds: ordersOf(holds) }),
  };
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const instantOf = (value: unknown): number => Date.parse(textOf(value) ?? '');

const questionOf = (wire: Wire | null): readonly ChallengeQuestion[] => {
  if (wire === null) return [];
  const [id, camera, key] = [textOf(wire.id), textOf(wire.camera), textOf(wire.key)];
  const [fromMs, toMs, answerByMs] = [instantOf(wire.from), instantOf(wire.to), instantOf(wire.answerBy)];
  if (id === undefined || camera === undefined || !(fromMs < toMs) || Number.isNaN(answerByMs)) return [];
  return [{ id, camera, slice: { fromMs, toMs }, answerByMs, ...(key !== undefined && { key }) }];
};

const holdOf = (wire: Wire | null): readonly HoldToKeep[] => {
  if (wire === null) return [];
  const [hold, camera] = [textOf(wire.hold), textOf(wire.camera)];
  const [fromMs, toMs, untilMs] = [instantOf(wire.from), instantOf(wire.to), instantOf(wire.until)];
  if (hold === undefined || camera === undefined || !(fromMs < toMs) || Number.isNaN(untilMs)) return [];
  return [{ hold, camera, fromMs, toMs, untilMs }];
};

const ordersOf = (wires: readonly (Wire | null)[]): OrdersHeard => {
  const toKeep = wires.flatMap(holdOf);
  return { toKeep, areAll: toKeep.length === wires.length };
};

const PUBLIC_KEY_BYTES = 32;

const keyOf = (wire: unknown): SealingKey | undefined => {
  if (typeof wire !== 'object' || wire === null) return undefined;
  const { keyId, publicKey } = wire as Wire;
  const id = textOf(keyId);
  const bytes = Buffer.from(textOf(publicKey) ?? '', 'base64url');
  return id === undefined || bytes.length !== PUBLIC_KEY_BYTES ? undefined : { keyId: id, publicKey: bytes };
};
