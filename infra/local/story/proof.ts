import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RetentionPage } from '../../../shared/contracts/audit.ts';
import type { ExportJobView, LogKeysView } from '../../../shared/contracts/audit-files.ts';
import type { ChallengesView } from '../../../shared/contracts/audit-questions.ts';
import type { HoldBody, HoldView } from '../../../shared/contracts/holds.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { buildVerifier } from '../../../verify/bundle-verifier.mjs';
import type { PersonApi } from './api.ts';

/** What the verifier of bundles said of one, and how it ended. */
export interface Told {
  readonly exit: number;
  readonly said: string;
}

/** What an auditor can take away without trusting us, and what was ordered and asked for. */
export interface Proof {
  /** Of ninety days of each nursery that has a past, verified without network. */
  readonly bundles: ReadonlyMap<string, Told>;
  /** Who cannot show its days, and why, as of now. */
  readonly cannotShow: readonly RetentionPage['items'][number][];
  /** Of the nursery whose camera is new. */
  readonly newCamera: RetentionPage['items'][number];
  /** Of the nursery whose box lies. */
  readonly challenges: ChallengesView;
  /** The printable report of the city. */
  readonly report: string;
  readonly holds: readonly HoldView[];
  readonly exported: { readonly state: ExportJobView['state']; readonly bytes: Uint8Array | undefined };
}

type TakenAway = Pick<Proof, 'bundles' | 'cannotShow' | 'newCamera' | 'report'>;

export interface Prover {
  /** Orders, and asks for what takes a while. Before the boxes are plugged in: they hear of an order with their first film. */
  readonly begin: () => Promise<void>;
  readonly look: () => Promise<Proof>;
}

/** Whose recordings are ordered to be kept. */
const HOLDER = 'cloud';
const withPast = ['rapeseed', 'cloud', 'moonlit', 'magpie'] as const;
const TIMEOUT_MS = 30_000;

/** Runs the one file that an auditor carries away, as on a machine that has never heard of us. */
const verify = async (verifier: string, bundle: string, key: string): Promise<Told> => {
  const child = spawn(process.execPath, [verifier, bundle, '--key', key], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  const [exit] = (await once(child, 'close')) as [number];
  return { exit, said };
};

interface Surroundings {
  readonly api: string;
  readonly auditor: PersonApi;
  readonly city: string;
  /** Local days that are asked about. */
  readonly days: { readonly from: string; readonly to: string };
  readonly directory: string;
}

export const prover = ({ api, auditor, city, days, directory }: Surroundings): Prover => {
  let takenAway: Promise<TakenAway> | undefined;
  let exportId = '';

  const prove = async (): Promise<ReadonlyMap<string, Told>> => {
    const verifier = buildVerifier(join(directory, 'cradlewatch-verify.mjs'));
    const { keys } = await auditor.read<LogKeysView>('/v1/audit/keys');
    const told = new Map<string, Told>();
    for (const facility of withPast) {
      const file = join(directory, `${facility}.bundle`);
      const asked = `/v1/audit/facilities/${facility}/bundle?from=${days.from}&to=${days.to}`;
      writeFileSync(file, await auditor.readText(asked));
      told.set(facility, await verify(verifier, file, keys[0] ?? ''));
    }
    return told;
  };

  const takeAway = async (): Promise<TakenAway> => ({
    bundles: await prove(),
    cannotShow: await auditor.cannotShow(city),
    newCamera: await auditor.read<Proof['newCamera']>('/v1/audit/facilities/cloud/retention'),
    report: await auditor.readText(`/v1/audit/divisions/${city}/report`),
  });

  const order = async (): Promise<void> => {
    const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const at = (ms: number): string => new Date(ms).toISOString();
    const [from, to, until] = [at(hourMs - 4 * HOUR_MS), at(hourMs - 2 * HOUR_MS), at(hourMs + 200 * DAY_MS)];
    const body: HoldBody = { camera: 'cam-nap', from, to, until };
    await auditor.send(`/v1/registry/facilities/${HOLDER}/holds`, body);
  };

  const fetchExport = async (): Promise<Proof['exported']> => {
    const { state, link } = await auditor.read<ExportJobView>(`/v1/audit/exports/${exportId}`);
    if (link === undefined) return { state, bytes: undefined };
    const file = await fetch(new URL(link, api), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { state, bytes: file.ok ? new Uint8Array(await file.arrayBuffer()) : undefined };
  };

  return {
    begin: async () => {
      await order();
      const asked = { of: 'retention', division: city, format: 'xlsx' };
      exportId = (await auditor.send<ExportJobView>('/v1/audit/exports', asked)).export;
    },
    look: async () => {
      // What the past says does not change: it is taken away once, however often somebody looks.
      takenAway ??= takeAway();
      const [taken, challenges, { items: holds }, exported] = await Promise.all([
        takenAway,
        auditor.read<ChallengesView>('/v1/audit/facilities/magpie/challenges'),
        auditor.read<{ items: readonly HoldView[] }>(`/v1/registry/facilities/${HOLDER}/holds`),
        fetchExport(),
      ]);
      return { ...taken, challenges, holds, exported };
    },
  };
};
