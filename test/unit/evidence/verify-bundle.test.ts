import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengeAssumptions, oddsText } from '../../../shared/domain/challenges/odds-text.ts';
import { civilDayInterval } from '../../../shared/domain/civil-day.ts';
import { HOUR_MS } from '../../../shared/domain/time.ts';
import { type Bundle, formatBundle, parseBundle } from '../../../shared/evidence/bundle.ts';
import { signCheckpoint } from '../../../shared/evidence/checkpoint.ts';
import { checkpointOf } from '../../../shared/evidence/facility-log.ts';
import { leafHash, treeOf } from '../../../shared/evidence/merkle.ts';
import { formatNoteKey, localSigner } from '../../../shared/evidence/note-key.ts';
import type { StatedChallenges } from '../../../shared/evidence/stated-challenges.ts';
import { addressOf } from '../../../shared/evidence/statement.ts';
import { formatTlogProof, parseTlogProof } from '../../../shared/evidence/tlog-proof.ts';
import { tellBundle, verifyBundle } from '../../../shared/evidence/verify-bundle.ts';
import {
  boxKey,
  honestBundle,
  host,
  logOf,
  nothingAsked,
  provedStatements,
  recordsOf,
  regionalProof,
  sealedDays,
  shownBySamples,
  signer,
  vkey,
  zone,
} from '../../support/bundle-world.ts';
import { ed25519Key, flipped } from '../../support/evidence.ts';

const verify = (bundle: Bundle, keys: readonly string[] | undefined = [vkey]) =>
  verifyBundle(formatBundle(bundle), keys);

/** What a bundle is refused with, or what it came to. */
const codeOf = (bundle: Bundle, keys?: readonly string[]): string => {
  const { verdict } = verify(bundle, keys);
  return verdict.is === 'refused' ? verdict.code : verdict.is;
};

const english = (lines: readonly { readonly en: string }[]): string => lines.map(({ en }) => en).join('\n');

const lossOn = (day: string, fromHour: number, hours: number) => {
  const fromMs = civilDayInterval(day, zone).fromMs + fromHour * HOUR_MS;
  return { fromMs, toMs: fromMs + hours * HOUR_MS };
};

describe('an honest bundle', () => {
  it('proves that two days of three cameras were recorded and are held', async () => {
    const report = verify(await honestBundle());
    expect(report.notProved).toEqual([]);
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(english(report.proved)).toContain('Camera-hours: 144 recorded and held.');
    expect(english(report.proved)).toContain('All 2 daily statements from 2026-11-03 to 2026-11-04 are here');
    expect(english(report.proved)).toContain('Every record received on 2026-11-04 is here');
    expect(english(report.proved)).toContain('demo@1.0.0');
    expect(english(report.assumes)).toContain('honest when it recorded');
    expect(report.assumes.every(({ zh }) => /\p{Script=Han}/u.test(zh))).toBe(true);
  });

  it('says on which instants it rests, and which statement a printed report has to name', async () => {
    const bundle = await honestBundle();
    const proved = english(verify(bundle).proved);
    expect(proved).toContain('the oldest statement is of 2026-11-03 (as of 2026-11-03T16:00:00.000Z)');
    expect(proved).toContain('the newest of 2026-11-04 (as of 2026-11-04T16:00:00.000Z)');
    const last = addressOf(bundle.statements.at(-1)?.statement ?? new Uint8Array());
    expect(proved).toMatch(new RegExp(`statement of 2026-11-04 .*: sha256:${last}$`, 'm'));
  });

  it('has the same bytes whenever it is made, and reads back as it was', async () => {
    const [one, other] = [formatBundle(await honestBundle()), formatBundle(await honestBundle())];
    expect(Buffer.compare(one, other)).toBe(0);
    expect(Buffer.compare(formatBundle(parseBundle(one)), one)).toBe(0);
  });

  it('without a pinned key only vouches for itself', async () => {
    const report = verifyBundle(formatBundle(await honestBundle()));
    expect(report.verdict).toEqual({ is: 'not-proved' });
    expect(english(report.notProved)).toContain('vouches for itself');
  });

  it('without the log of the region does not exclude another log', async () => {
    const { regional: _, ...bundle } = await honestBundle();
    const report = verify(bundle);
    expect(report.verdict).toEqual({ is: 'not-proved' });
    expect(english(report.notProved)).toContain('were shown another log');
  });

  it('says how many hours are lost, and does not call that proved', async () => {
    const report = verify(await honestBundle({ lost: [lossOn('2026-11-03', 2, 3)] }));
    expect(report.verdict).toEqual({ is: 'not-proved' });
    expect(english(report.notProved)).toMatch(/^Camera-hours: 3 lost:/);
    expect(english(report.proved)).toContain('Camera-hours: 141 recorded and held.');
  });

  it('about an area asks whether any of its cameras has each hour that the interval touches', async () => {
    const bundle = await honestBundle({ lost: [lossOn('2026-11-03', 10, 1)] });
    const { facility, asOf } = bundle.question;
    const ask = (area: string, from: string, to: string) =>
      verify({ ...bundle, question: { facility, asOf, area, interval: { from, to } } });
    // 10:00–11:00 in Shanghai.
    expect(ask('nap-room', '2026-11-03T03:00:00.000Z', '2026-11-03T04:00:00.000Z').verdict.is).toBe('proved');
    const lost = ask('nap-room', '2026-11-03T02:30:00.000Z', '2026-11-03T02:40:00.000Z');
    expect(lost.verdict.is).toBe('not-proved');
    expect(english(lost.notProved)).toContain('Hours: 1 lost');
    expect(ask('playroom', '2026-11-03T02:30:00.000Z', '2026-11-03T02:40:00.000Z').verdict.is).toBe('proved');
    expect(english(ask('cellar', '2026-11-03T02:00:00.000Z', '2026-11-03T03:00:00.000Z').notProved)).toContain(
      'names no camera',
    );
  });

  it('of which the content was deleted still proves, and says that it cannot be read', async () => {
    const bundle = await honestBundle();
    const records = bundle.records.map(({ content: _, ...record }) => record);
    const report = verify({ ...bundle, records });
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(english(report.proved)).toContain('Records: 3. Its content was deleted');
  });

  it('about days before its log began says that nothing was sealed then', async () => {
    const sealed = sealedDays();
    const bundle = await honestBundle();
    const note = await signCheckpoint(checkpointOf(logOf(sealed)), [signer]);
    const report = verify({
      ...bundle,
      question: { ...bundle.question, days: { from: '2026-10-20', to: '2026-11-04' } },
      statements: provedStatements(sealed, note),
    });
    expect(report.verdict.is).toBe('not-proved');
    expect(english(report.notProved)).toContain('The log begins on 2026-11-01');
    expect(english(report.notProved)).toContain('of which the statement does not speak: 312');
  });

  it('of forty days is verified whole', async () => {
    const sealed = sealedDays({ days: 40, firstDay: '2026-09-01', windowDays: 90, records: 1 });
    const bundle = await honestBundle({ days: 40, firstDay: '2026-09-01', windowDays: 90, records: 1 });
    const note = await signCheckpoint(checkpointOf(logOf(sealed)), [signer]);
    const report = verify({
      ...bundle,
      question: { ...bundle.question, days: { from: '2026-09-01', to: '2026-10-10' } },
      statements: provedStatements(sealed, note),
      records: sealed.flatMap((day) => recordsOf(day)),
      wholeDays: sealed.map(({ day }) => day),
    });
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(english(report.proved)).toContain(`Camera-hours: ${40 * 24 * 3} recorded and held.`);
    // Days that follow each other are one line, whatever order the bundle names them in.
    const told = (wholeDays: readonly string[]) =>
      english(
        verify({
          ...bundle,
          question: { ...bundle.question, days: { from: '2026-09-01', to: '2026-10-10' } },
          statements: provedStatements(sealed, note),
          records: sealed.filter(({ day }) => wholeDays.includes(day)).flatMap((day) => recordsOf(day)),
          wholeDays: [...wholeDays].reverse(),
        }).proved,
      )
        .split('\n')
        .filter((line) => line.includes('none is missing'));
    const days = sealed.map(({ day }) => day);
    expect(told(days)).toEqual(['2026-09-01 to 2026-10-10 (40 days): every record received is here, none is missing.']);
    expect(told(days.filter((day) => !['2026-09-02', '2026-10-09'].includes(day)))).toEqual([
      'Every record received on 2026-09-01 is here, none is missing.',
      '2026-09-03 to 2026-10-08 (36 days): every record received is here, none is missing.',
      'Every record received on 2026-10-10 is here, none is missing.',
    ]);
  });
});

describe('an honest bundle of a facility that was challenged', () => {
  const said = async (over: Partial<StatedChallenges>, outcomes: Partial<StatedChallenges['outcomes']> = {}) =>
    verify(
      await honestBundle({
        challenges: { ...shownBySamples, ...over, outcomes: { ...shownBySamples.outcomes, ...outcomes } },
      }),
    );

  it('counts what was shown, and prints the odds and what they assume', async () => {
    const report = await said({}, { busy: 2 });
    expect(report.verdict).toEqual({ is: 'proved' });
    const proved = english(report.proved);
    expect(proved).toContain('Challenges where the footage was shown, as it was sealed when it was recorded: 120.');
    expect(proved).toContain('Challenges where the recorder was busy until the deadline, nothing was shown: 2.');
    expect(proved).toContain('Camera-hours owed and recorded: 216; 216 of them could be drawn.\n');
    for (const line of oddsText(shownBySamples.draws).en.split('\n')) expect(proved).toContain(line);
    expect(proved).toMatch(/Had 33% of the footage been lost.* odds of 99\.9%/);
    expect(report.assumes).toEqual(expect.arrayContaining([...challengeAssumptions]));
    expect(report.proved.every(({ zh }) => /\p{Script=Han}/u.test(zh))).toBe(true);
  });

  it('does not call held what its recorder could not show, and tells the outcomes apart', async () => {
    for (const [reason, outcome, words] of [
      ['film-differs', 'mismatch', 'is not what was sealed when it was recorded'],
      ['film-not-found', 'not-found', 'the box said that the footage is gone'],
      ['challenge-unanswered', 'unanswered', 'no answer came before the deadline'],
      ['recorder-always-busy', 'busy', 'the recorder was busy until the deadline'],
    ] as const) {
      const report = await said({ state: 'breached', reason }, { [outcome]: 3 });
      expect(report.verdict).toEqual({ is: 'not-proved' });
      expect(english(report.notProved)).toMatch(/^Challenges where .*: 3\.$/m);
      expect(english(report.notProved)).toContain(words);
      expect(report.notProved).toHaveLength(2);
      // What the box says of its hours is still there, beside what the challenges found.
      expect(english(report.proved)).toContain('Camera-hours: 144 recorded and held.');
    }
    // A failure whose footage is owed no more.
    expect((await said({}, { mismatch: 1 })).verdict).toEqual({ is: 'not-proved' });
  });

  it('does not call proved what no challenge could show', async () => {
    const draws = { incident: 0, oldest: 0, rest: 0 };
    const report = await said(
      { state: 'unknown', reason: 'presence-only', draws, sealed: { owed: 216, sealed: 0, presenceOnly: 216 } },
      { held: 0, present: 120 },
    );
    expect(report.verdict).toEqual({ is: 'not-proved' });
    expect(english(report.notProved)).toContain('can only say that footage is there');
    expect(english(report.notProved)).toMatch(/Challenges where the recorder can only say .*: 120\./);
    expect(english(report.proved)).not.toContain('odds');
    expect(english(report.proved)).toContain(
      'Camera-hours owed and recorded: 216; of 216 of them a recorder can only say that they are there.',
    );
    const nothing = await said({ state: 'unknown', reason: 'nothing-shown', draws }, { held: 0 });
    expect(english(nothing.notProved)).toBe(
      'No footage has been shown to a challenge yet: that it is held is only what the box says.',
    );
  });

  it('says nothing of challenges where nothing was owed', async () => {
    const report = verify(await honestBundle({ challenges: nothingAsked }));
    expect(report.verdict).toEqual({ is: 'proved' });
    expect(english(report.proved)).not.toContain('Challenges');
    expect(english(report.proved)).not.toContain('owed');
    expect(english(report.assumes)).not.toContain('odds');
  });
});

describe('the one sentence above the page', () => {
  const summary = (bundle: Bundle, keys: readonly string[] | undefined = [vkey]) =>
    tellBundle(formatBundle(bundle), keys).summary;
  const challenged = (state: Partial<StatedChallenges>, outcomes: Partial<StatedChallenges['outcomes']>) => ({
    ...shownBySamples,
    ...state,
    outcomes: { ...shownBySamples.outcomes, ...outcomes },
  });

  it('says what is proved, of which days, and how often footage was shown', async () => {
    expect(summary(await honestBundle())).toEqual({
      zh: '这份证据证明：截至 2026-11-04 结束时，所问 2 天（2026-11-03 至 2026-11-04）内应保存的录像均在，对该机构抽查 120 次均已出示（前提见文末）。',
      en: 'This evidence proves that, as of the end of 2026-11-04, all footage that had to be kept of the days asked about (2: 2026-11-03 to 2026-11-04) is held, and footage was shown in 120 of 120 challenges of this facility (what this assumes is at the end).',
    });
    const busy = summary(await honestBundle({ challenges: challenged({}, { busy: 2 }) }));
    expect(busy.zh).toContain('抽查 122 次，其中 120 次已出示，2 次没有结果');
    expect(busy.en).toContain('120 of 122');
    const unasked = summary(await honestBundle({ challenges: nothingAsked }));
    expect(`${unasked.zh} ${unasked.en}`).not.toMatch(/抽查|challenge/);
  });

  it('names the area that was asked about', async () => {
    const bundle = await honestBundle();
    const { facility, asOf } = bundle.question;
    const interval = { from: '2026-11-03T03:00:00.000Z', to: '2026-11-03T04:00:00.000Z' };
    const told = summary({ ...bundle, question: { facility, asOf, area: 'nap-room', interval } });
    expect(told.zh).toContain('区域 nap-room 在所问时间内每小时的录像均在');
    expect(told.en).toContain('footage of the area nap-room is held for every hour asked about');
  });

  it('names the gravest reason first, and how many others there are', async () => {
    const lost = [lossOn('2026-11-03', 2, 3)];
    const { regional: _, ...unproved } = await honestBundle({ lost });
    expect(summary(unproved).zh).toMatch(
      /^这份证据未能证明：.*首要原因：共 3 个摄像机小时：已丢失（.*）。其他原因 1 项见下。$/,
    );
    expect(summary(unproved).en).toMatch(
      /does not prove .*Above all: Camera-hours: 3 lost: .* Other reasons, below: 1\.$/,
    );
    const other = challenged({ state: 'breached', reason: 'film-differs' }, { mismatch: 1 });
    expect(summary(await honestBundle({ lost, challenges: other })).en).toContain(
      'Above all: Challenges found footage',
    );
    const unanswered = challenged({ state: 'breached', reason: 'challenge-unanswered' }, { unanswered: 1 });
    expect(summary(await honestBundle({ lost, challenges: unanswered })).en).toContain(
      'Above all: Camera-hours: 3 lost',
    );
    const alone = tellBundle(formatBundle(await honestBundle({ lost, challenges: other }))).summary;
    expect(alone.en).toContain('Above all: No key of yours was given');
    const { regional: __, ...one } = await honestBundle();
    expect(summary(one).zh).toMatch(/首要原因：未附地区日志的证明：.*。$/);
    expect(summary(one).en).not.toContain('Other reasons');
  });

  it('never claims anything for a file that was refused', async () => {
    const bundle = await honestBundle();
    const told = summary({ ...bundle, records: bundle.records.slice(1) });
    expect(told.zh).toBe('这份文件什么也没有证明：缺少已封存的内容：现有数量少于封存时的数量。');
    expect(told.en).toMatch(/^This file proves nothing\. Something sealed is missing/);
  });
});

describe('a bundle is refused', () => {
  it('with a changed byte in what a record said', async () => {
    const bundle = await honestBundle();
    const records = bundle.records.map((record, at) =>
      at === 0 && record.content !== undefined
        ? { ...record, content: { ...record.content, body: flipped(record.content.body, 9) } }
        : record,
    );
    const { verdict } = verify({ ...bundle, records });
    expect(verdict).toMatchObject({
      is: 'refused',
      code: 'changed-byte',
      detail: 'What is shown as recordings r-3-0 is not what was sealed under that name.',
    });
    expect(verdict.is === 'refused' && verdict.words.zh).toContain('至少有一个字节被改动');
  });

  it('with a record that its box did not sign, though it is sealed as it stands', async () => {
    const [record] = (await honestBundle()).records;
    const withSignature = async (signature: Uint8Array | undefined): Promise<Bundle> => {
      const bundle = await honestBundle();
      const records = bundle.records.map(({ content, ...rest }, at) => {
        if (at > 0 || content === undefined) return { ...rest, ...(content && { content }) };
        const { signature: _, ...unsigned } = content;
        return { ...rest, content: { ...unsigned, ...(signature && { signature }) } };
      });
      return { ...bundle, records };
    };
    const signature = record?.content?.signature ?? new Uint8Array();
    expect(codeOf(await withSignature(signature))).toBe('proved');
    expect(codeOf(await withSignature(flipped(signature, 5)))).toBe('forged-record');
    expect(codeOf(await withSignature(undefined))).toBe('forged-record');
    expect(codeOf(await honestBundle({ signedFor: 'moonlight' }))).toBe('forged-record');
  });

  it('names the key with which each box signed, and how often, and counts what no box signed', async () => {
    const own = verify(await honestBundle({ recordKind: 'challenge' }));
    expect(english(own.proved)).toMatch(/which no box signed: 3\.$/m);
    expect(english(own.proved)).not.toContain('the signature was verified');
    const { proved } = verify(await honestBundle());
    expect(english(proved)).not.toContain('which no box signed');
    expect(english(proved)).toContain(
      `the signature was verified: 3. The box and its public key, to compare with the key that the box shows: box-1 ${boxKey}`,
    );
  });

  it('with a record missing from a day that it calls whole', async () => {
    const bundle = await honestBundle();
    expect(verify({ ...bundle, records: bundle.records.slice(1) }).verdict).toMatchObject({
      code: 'dropped-leaf',
      detail: 'Records sealed of 2026-11-04: 3. Shown: 2.',
    });
    expect(codeOf({ ...bundle, records: [...bundle.records, ...bundle.records.slice(0, 1)] })).toBe('added-leaf');
    expect(codeOf({ ...bundle, wholeDays: [] })).toBe('malformed');
  });

  it('with a day of the asked span missing: at its beginning, in between or at its end', async () => {
    const sealed = sealedDays();
    const note = await signCheckpoint(checkpointOf(logOf(sealed)), [signer]);
    const all = provedStatements(sealed, note);
    const bundle = await honestBundle();
    const days = { from: '2026-11-02', to: '2026-11-04' };
    const asked = { ...bundle, question: { ...bundle.question, days }, records: [], wholeDays: [] };
    expect(codeOf({ ...asked, statements: all.slice(1) })).toBe('proved');
    for (const [left, missing] of [
      [[2, 3], '2026-11-02'],
      [[1, 3], '2026-11-03'],
      [[1, 2], '2026-11-04'],
    ] as const) {
      const { verdict } = verify({ ...asked, statements: all.filter((_, at) => left.some((one) => one === at)) });
      expect(verdict).toMatchObject({ is: 'refused', code: 'dropped-leaf' });
      expect(verdict.is === 'refused' && verdict.detail).toContain(`The statement of ${missing} is missing`);
    }
    expect(codeOf({ ...asked, statements: [] })).toBe('dropped-leaf');
  });

  it('that asks as of an instant of which the statement is not there, or was sealed later', async () => {
    const bundle = await honestBundle();
    const at = (asOf: string, to: string) =>
      codeOf({ ...bundle, question: { facility: 'sunshine', asOf, days: { from: to, to } } });
    expect(at('2026-11-06T00:00:00.000Z', '2026-11-03')).toBe('dropped-leaf');
    expect(at('2026-11-04T00:00:00.000Z', '2026-11-03')).toBe('added-leaf');
    expect(at('2026-11-05T00:00:00.000Z', '2026-11-05')).toBe('malformed');
  });

  it('with a rewritten day, though the log itself signed it', async () => {
    const [honest, other] = [sealedDays(), sealedDays({ lost: [lossOn('2026-11-03', 0, 1)] })];
    const mixed = honest.map((day, at) => (at === 2 ? (other[2] ?? day) : day));
    const tree = treeOf(mixed.map(({ statement }) => leafHash(statement)));
    const head = { origin: `${host}/f/sunshine`, size: 4, root: tree.root(), extensions: [] };
    const note = await signCheckpoint(head, [signer]);
    const bundle = { ...(await honestBundle()), statements: provedStatements(mixed, note).slice(-2) };
    expect(verify({ ...bundle, regional: await regionalProof(head) }).verdict).toMatchObject({
      code: 'rewritten-day',
      detail: expect.stringContaining('2026-11-04 does not follow the one of 2026-11-03'),
    });
  });

  it('whose log does not continue an earlier checkpoint, and takes one that it does', async () => {
    const bundle = await honestBundle();
    const [honest, other] = [sealedDays(), sealedDays({ lost: [lossOn('2026-11-01', 0, 1)] })];
    const { consistency } = treeOf(honest.map(({ statement }) => leafHash(statement)));
    const earlier = async (days: typeof honest) => [
      {
        checkpoint: await signCheckpoint(checkpointOf(logOf(days.slice(0, 2))), [signer]),
        consistency: consistency(2),
      },
    ];
    const report = verify({ ...bundle, earlier: await earlier(honest) });
    expect(report.verdict.is).toBe('proved');
    expect(english(report.proved)).toContain('Earlier checkpoints that the log continues: 1.');
    expect(codeOf({ ...bundle, earlier: await earlier(other) })).toBe('rewritten-day');
  });

  it('with two checkpoints of one size that differ: a forked log', async () => {
    const other = checkpointOf(logOf(sealedDays({ lost: [lossOn('2026-11-01', 0, 1)] })));
    const earlier = [{ checkpoint: await signCheckpoint(other, [signer]), consistency: [] }];
    const { verdict } = verify({ ...(await honestBundle()), earlier });
    expect(verdict).toMatchObject({ code: 'forked-log', detail: expect.stringContaining('two different roots of 4') });
  });

  it('whose statements come from two logs of one size, though each is proved in its own', async () => {
    const [one, other] = [
      sealedDays({ windowDays: 1 }),
      sealedDays({ windowDays: 1, lost: [lossOn('2026-11-04', 0, 1)] }),
    ];
    const proved = async (days: typeof one) =>
      provedStatements(days, await signCheckpoint(checkpointOf(logOf(days)), [signer]));
    const [third, fourth] = [(await proved(other))[2], (await proved(one))[3]];
    if (third === undefined || fourth === undefined) throw new Error('no statements');
    expect(codeOf({ ...(await honestBundle({ windowDays: 1 })), statements: [third, fourth] })).toBe('forked-log');
  });

  it('with a statement that stands at another place of the log than it says', async () => {
    const days = sealedDays().slice(1);
    const tree = treeOf(days.map(({ statement }) => leafHash(statement)));
    const note = await signCheckpoint({ origin: `${host}/f/sunshine`, size: 3, root: tree.root(), extensions: [] }, [
      signer,
    ]);
    const { verdict } = verify({ ...(await honestBundle()), statements: provedStatements(days, note).slice(-2) });
    expect(verdict).toMatchObject({
      code: 'rewritten-day',
      detail: expect.stringContaining('says number 2, and is leaf 1'),
    });
  });

  it('with records of another facility, though they were sealed among its own', async () => {
    const { verdict } = verify(await honestBundle({ recordsOf: 'moonlight' }));
    expect(verdict).toMatchObject({ code: 'wrong-origin', detail: expect.stringContaining('a record of moonlight') });
  });

  it('with the log of a region at another host', async () => {
    const other = localSigner('other.example', ed25519Key(5));
    const keys = [vkey, formatNoteKey(other.key)];
    const regional = await regionalProof(checkpointOf(logOf(sealedDays())), 'other.example', other);
    const { verdict } = verify({ ...(await honestBundle()), keys, regional }, keys);
    expect(verdict).toMatchObject({
      code: 'wrong-origin',
      detail: expect.stringContaining('no log of a region of log.example'),
    });
  });

  it('with what nobody signed: a key for none of its logs, or something extra in a proof', async () => {
    const bundle = await honestBundle();
    const idle = formatNoteKey(localSigner('other.example', ed25519Key(5)).key);
    expect(codeOf({ ...bundle, keys: [vkey, idle] }, [vkey, idle])).toBe('malformed');
    const statements = bundle.statements.map((one) => ({
      ...one,
      proof: formatTlogProof({ ...parseTlogProof(one.proof), extra: new Uint8Array(3) }),
    }));
    expect(codeOf({ ...bundle, statements })).toBe('malformed');
  });

  it('with proofs against checkpoints of two sizes and nothing between them', async () => {
    const bundle = await honestBundle();
    const three = sealedDays().slice(0, 3);
    const note = await signCheckpoint(checkpointOf(logOf(three)), [signer]);
    const [third] = provedStatements(three, note).slice(-1);
    const [, fourth] = bundle.statements;
    if (third === undefined || fourth === undefined) throw new Error('no statements');
    expect(codeOf({ ...bundle, statements: [third, fourth] })).toBe('malformed');
  });

  it('with a forged short tree, whose leaves are pairs of hashes', async () => {
    const hashes = sealedDays().map(({ statement }) => leafHash(statement));
    const tree = treeOf(hashes);
    const bundle = await honestBundle();
    // The signed tree has four leaves; the proof is one of a tree of two.
    const [statement] = bundle.statements;
    if (statement === undefined) throw new Error('no statement');
    const { checkpoint } = parseTlogProof(statement.proof);
    const short = formatTlogProof({ index: 1, hashes: tree.inclusion(2).slice(1), checkpoint });
    expect(codeOf({ ...bundle, statements: [{ ...statement, proof: short }] })).toBe('forged-tree');
  });

  it("with another facility's statement, its record or its log", async () => {
    const [bundle, other] = [await honestBundle(), await honestBundle({ facility: 'moonlight' })];
    expect(codeOf({ ...bundle, statements: other.statements })).toBe('wrong-origin');
    expect(codeOf({ ...bundle, statements: [...bundle.statements.slice(0, 1), ...other.statements.slice(1)] })).toBe(
      'wrong-origin',
    );
    expect(codeOf({ ...other, question: bundle.question })).toBe('wrong-origin');
    expect(codeOf({ ...bundle, records: other.records })).toBe('changed-byte');
    expect(codeOf({ ...bundle, regional: other.regional ?? new Uint8Array() })).toBe('changed-byte');
  });

  it('with keys that are not the pinned ones', async () => {
    const mallory = formatNoteKey(localSigner(host, ed25519Key(9)).key);
    const bundle = await honestBundle();
    expect(verify(bundle, [mallory]).verdict).toMatchObject({
      code: 'wrong-key',
      detail: expect.stringContaining('pin'),
    });
    expect(codeOf({ ...bundle, keys: [] }, [mallory])).toBe('wrong-key');
    expect(codeOf({ ...bundle, keys: [mallory] })).toBe('wrong-key');
    // The key of one facility does not speak for another.
    const own = localSigner(`${host}/f/moonlight`, ed25519Key(9));
    const note = await signCheckpoint(checkpointOf(logOf(sealedDays())), [own]);
    const key = formatNoteKey(own.key);
    expect(codeOf({ ...bundle, keys: [key], statements: provedStatements(sealedDays(), note) }, [key])).toBe(
      'wrong-key',
    );
    expect(codeOf(bundle, ['nonsense'])).toBe('malformed');
  });

  it('that names another pack than the sealed one', async () => {
    const bundle = await honestBundle();
    expect(codeOf({ ...bundle, pack: { ...bundle.pack, digest: 'cd'.repeat(32) } })).toBe('changed-byte');
    expect(codeOf({ ...bundle, pack: { ...bundle.pack, id: 'demo@1.0.1' } })).toBe('changed-byte');
  });

  it('that is no bundle, without throwing', () => {
    for (const text of ['', '{}', '[]', 'null', '{"schema":"cradlewatch-bundle/1"}', `${'['.repeat(200_000)}`]) {
      expect(verifyBundle(Buffer.from(text), [vkey]).verdict).toMatchObject({ is: 'refused', code: 'malformed' });
    }
  });
});

describe('any byte of the evidence', () => {
  it('that is changed makes a bundle that is refused', async () => {
    const days = sealedDays({ days: 3, records: 2 });
    const { consistency } = treeOf(days.map(({ statement }) => leafHash(statement)));
    const bytes = formatBundle({
      ...(await honestBundle({ days: 3, records: 2 })),
      earlier: [
        {
          checkpoint: await signCheckpoint(checkpointOf(logOf(days.slice(0, 1))), [signer]),
          consistency: consistency(1),
        },
      ],
    });
    expect(verifyBundle(bytes, [vkey]).verdict.is).toBe('proved');
    const whole = Buffer.from(bytes).toString('latin1');
    const asked = { from: whole.indexOf('"question":'), to: whole.indexOf(',"records":') };
    expect(asked.from).toBeGreaterThan(0);
    expect(asked.to - asked.from).toBeLessThan(200);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const at = bit >> 3;
        fc.pre(at < asked.from || at >= asked.to);
        return verifyBundle(flipped(bytes, bit), [vkey]).verdict.is === 'refused';
      }),
      { numRuns: 400 },
    );
  });
});
