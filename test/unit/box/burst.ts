import { writeSync } from 'node:fs';
import { openQueue } from '../../../box/queue.ts';

/** Puts reports as fast as it can and names each on stdout once it is safe, until it is killed. */
const queue = openQueue(process.argv[2] ?? '');
for (let n = 0; n < 100_000; n += 1) {
  queue.put('heartbeats', { id: `r${n}`, time: '2026-11-21T08:30:00.000Z' }, { boot: 'b', monotonicMs: n });
  writeSync(1, `r${n}\n`);
}
