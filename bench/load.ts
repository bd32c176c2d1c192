import { Agent, request } from 'node:http';

/** One request, signed beforehand, so that the generator costs as little as it can while it fires. */
export interface Shot {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Volley {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
  /** Answers by status; anything unexpected makes a figure worthless. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Bodies of the answers, only if asked for. */
  readonly bodies: readonly string[];
}

export interface VolleyOptions {
  readonly port: number;
  readonly path: string;
  readonly shots: readonly Shot[];
  readonly concurrency: number;
  readonly keepBodies?: boolean;
  /** Fire at this steady rate instead of as fast as the answers come. */
  readonly perSecond?: number;
}

/** Fires the shots in order, so many in flight at a time, and times each from its sending to the end of its answer. */
export const fire = async (options: VolleyOptions): Promise<Volley> => {
  const { port, path, shots, concurrency } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  const bodies: string[] = [];

  const shoot = (shot: Shot): Promise<void> =>
    new Promise((resolve, reject) => {
      const sentMs = performance.now();
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path,
          method: 'POST',
          agent,
          headers: { ...shot.headers, 'content-length': shot.body.length },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => options.keepBodies && chunks.push(chunk));
          answer.on('end', () => {
            latenciesMs.push(performance.now() - sentMs);
            statuses[String(answer.statusCode)] = (statuses[String(answer.statusCode)] ?? 0) + 1;
            if (options.keepBodies) bodies.push(Buffer.concat(chunks).toString('utf8'));
            resolve();
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(shot.body);
    });

  const startedMs = performance.now();
  if (options.perSecond === undefined) await inTurns(shots, concurrency, shoot);
  else await steadily(shots, options.perSecond, shoot);
  const seconds = (performance.now() - startedMs) / 1000;
  agent.destroy();
  return { perSecond: shots.length / seconds, latenciesMs, statuses, bodies };
};

const inTurns = async (shots: readonly Shot[], width: number, shoot: (shot: Shot) => Promise<void>): Promise<void> => {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) await shoot(shot);
  };
  await Promise.all(Array.from({ length: width }, work));
};

/** Open loop: a slow answer does not delay the next shot, so that slowness is not hidden. */
const steadily = async (
  shots: readonly Shot[],
  perSecond: number,
  shoot: (shot: Shot) => Promise<void>,
): Promise<void> => {
  const startedMs = performance.now();
  const flying: Promise<void>[] = [];
  for (const [n, shot] of shots.entries()) {
    const waitMs = startedMs + (n * 1000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    flying.push(shoot(shot));
  }
  await Promise.all(flying);
};
