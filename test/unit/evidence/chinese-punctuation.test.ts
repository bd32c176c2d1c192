import { expect, it } from 'vitest';
import { type Bundle, formatBundle } from '../../../shared/evidence/bundle.ts';
import { tokenRefusalWords } from '../../../shared/evidence/challenge-token.ts';
import { signCheckpoint } from '../../../shared/evidence/checkpoint.ts';
import { EvidenceError, evidenceCodes } from '../../../shared/evidence/evidence-error.ts';
import { checkpointOf } from '../../../shared/evidence/facility-log.ts';
import { leafStateWords } from '../../../shared/evidence/leaf.ts';
import { leafHash, treeOf } from '../../../shared/evidence/merkle.ts';
import { challengeOutcomes, type StatedChallenges } from '../../../shared/evidence/stated-challenges.ts';
import { stateWords, tellBundle } from '../../../shared/evidence/verify-bundle.ts';
import { pageOf } from '../../../verify/page.ts';
import {
  honestBundle,
  logOf,
  provedStatements,
  recordsOf,
  sealedDays,
  shownBySamples,
  signer,
  vkey,
} from '../../support/bundle-world.ts';
import { halfWidthIn } from '../../support/chinese.ts';

const page = (bundle: Bundle, keys: readonly string[] | undefined = [vkey]) =>
  pageOf(tellBundle(formatBundle(bundle), keys));

const verdicts: readonly (readonly [StatedChallenges['state'], StatedChallenges['reason']])[] = [
  ['met', 'shown-by-samples'],
  ['breached', 'film-differs'],
  ['breached', 'film-not-found'],
  ['breached', 'challenge-unanswered'],
  ['breached', 'recorder-always-busy'],
  ['unknown', 'presence-only'],
  ['unknown', 'too-few-sealed'],
  ['unknown', 'token-refused'],
  ['unknown', 'recorder-busy'],
  ['unknown', 'nothing-shown'],
];

/** A day under each verdict of challenges, with figures that bear it out, and every outcome where they may. */
const challenged = ([state, reason]: (typeof verdicts)[number]): StatedChallenges => {
  const every = Object.fromEntries(challengeOutcomes.map((one) => [one, 2])) as StatedChallenges['outcomes'];
  const noneShown = reason === 'recorder-busy' || reason === 'nothing-shown';
  return {
    state,
    reason,
    outcomes: noneShown ? { ...every, held: 0 } : every,
    draws: { incident: 1, oldest: 1, rest: 1 },
    sealed: { owed: 216, sealed: 200, presenceOnly: 16 },
  };
};

/** Pages on which every kind of line of a bundle stands at least once. */
const pages = async (): Promise<readonly string[]> => {
  const sealed = sealedDays();
  const honest = await honestBundle();
  const note = await signCheckpoint(checkpointOf(logOf(sealed)), [signer]);
  const { consistency } = treeOf(sealed.map(({ statement }) => leafHash(statement)));
  const checkpoint = await signCheckpoint(checkpointOf(logOf(sealed.slice(0, 2))), [signer]);
  const { facility, asOf } = honest.question;
  const interval = { from: '2026-11-03T03:00:00.000Z', to: '2026-11-03T04:00:00.000Z' };
  const { regional: _, ...noRegion } = honest;
  return [
    page({ ...honest, earlier: [{ checkpoint, consistency: consistency(2) }] }),
    page({
      ...honest,
      question: { facility, asOf, days: { from: '2026-10-20', to: '2026-11-04' } },
      statements: provedStatements(sealed, note),
      records: sealed.flatMap((day) => recordsOf(day)),
      wholeDays: sealed.map(({ day }) => day),
    }),
    page({ ...honest, question: { facility, asOf, area: 'nap-room', interval } }),
    page({ ...honest, question: { facility, asOf, area: 'cellar', interval } }),
    page({ ...honest, records: honest.records.map(({ content: _content, ...record }) => record) }),
    page({ ...honest, records: honest.records.slice(1) }),
    pageOf(tellBundle(formatBundle(noRegion))),
    page(await honestBundle({ lost: [{ fromMs: 0, toMs: Date.parse('2026-11-03T20:00:00Z') }] })),
    ...(await Promise.all(verdicts.map(async (one) => page(await honestBundle({ challenges: challenged(one) }))))),
    page(await honestBundle({ challenges: { ...shownBySamples, sealed: { owed: 9, sealed: 9, presenceOnly: 0 } } })),
  ];
};

it('Chinese has its own punctuation wherever the verifier speaks it', async () => {
  const told = await pages();
  expect(told.filter((one) => one.includes('格式不符合规定'))).toEqual([]);
  for (const text of told) expect(halfWidthIn(text)).toEqual([]);
  const words = [
    ...evidenceCodes.map((code) => new EvidenceError(code, '').words),
    ...Object.values(leafStateWords),
    ...Object.values(tokenRefusalWords),
    ...Object.values(stateWords),
  ];
  for (const { zh } of words) expect(halfWidthIn(zh)).toEqual([]);
});

it('and a half-width mark is seen on either side of it', () => {
  for (const wrong of [
    '日志(cloud)',
    'cloud,共',
    '前提:监控主机',
    'PROVED: 已证明',
    '已证明, 1',

    '可重复;不',
  ]) {
    expect(halfWidthIn(`right：对\n${wrong}`)).toEqual([wrong]);
  }
  expect(halfWidthIn('已证明 / PROVED (ok)\n截至 2026-11-03T16:00:00.000Z，共 3 份（a, b）：sha256:ab')).toEqual([]);
});
