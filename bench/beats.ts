import { v7 as uuidv7 } from 'uuid';
import { type BoxIdentity, boxIdentity, newPrivateKeyPem, readPrivateKeyPem, signedHeaders } from '../box/signer.ts';
import { onWire } from '../box/streams.ts';
import type { Shot } from './load.ts';

/** Simulated boxes for the load: one facility each, so that no two beats in flight meet in one row. */
export interface Crowd {
  readonly boxes: readonly BoxIdentity[];
  readonly nextSeq: () => number;
}

export const BENCH_BOX = 'box-1';

export const makeCrowd = (size: number): Crowd => {
  let seq = 0;
  return {
    boxes: Array.from({ length: size }, (_, n) =>
      boxIdentity(`bench-${n}`, BENCH_BOX, readPrivateKeyPem(newPrivateKeyPem())),
    ),
    nextSeq: () => {
      seq += 1;
      return seq;
    },
  };
};

const pick = (crowd: Crowd, n: number): BoxIdentity => {
  const box = crowd.boxes[n % crowd.boxes.length];
  if (box === undefined) throw new Error('an empty crowd cannot beat');
  return box;
};

const shotOf = (identity: BoxIdentity, port: number, path: string, report: object): Shot => {
  const body = Buffer.from(JSON.stringify([report]));
  const url = new URL(`http://127.0.0.1:${port}${path}`);
  return { body, headers: signedHeaders(identity, { method: 'POST', url, body, createdMs: Date.now() }) };
};

/** Ordinary beats in turn over the crowd, signed now for this port. */
export const beats = (crowd: Crowd, count: number, port: number): readonly Shot[] =>
  Array.from({ length: count }, (_, n) =>
    shotOf(pick(crowd, n), port, '/v1/heartbeats', {
      id: uuidv7(),
      time: onWire(Date.now()),
      ageMs: 0,
      seq: crowd.nextSeq(),
      monitoring: 'yes',
      alarmSystem: 'yes',
      camerasOnline: 16,
      camerasRecording: 16,
      diskUsedPercent: 61,
      queueLength: 0,
      selfTests: [{ input: 'panic-button', testedAt: onWire(Math.floor(Date.now() / 86_400_000) * 86_400_000) }],
      software: 'bench-1',
    }),
  );

export const panics = (crowd: Crowd, count: number, port: number): readonly (Shot & { readonly reportId: string })[] =>
  Array.from({ length: count }, (_, n) => {
    const id = uuidv7();
    const report = { id, time: onWire(Date.now()), ageMs: 0, kind: 'panic', confirmed: 'yes', drill: false };
    return { ...shotOf(pick(crowd, n), port, '/v1/alarms', report), reportId: id };
  });
