import { BEATS_TO_SILENCE, type BeatDecision, decideBeat } from '../../shared/domain/decide-beat.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import { encodeFacts, factsOf } from '../../shared/domain/facts.ts';
import { isYoung } from '../../shared/domain/freshness.ts';
import { shownReceipts } from '../../shared/domain/notices/alarm-receipt.ts';
import type { HeartbeatReport } from '../../shared/domain/reports.ts';
import { offsetOf, type Sender } from '../../shared/domain/sender.ts';
import type { TakeSequencedReport } from '../../shared/domain/taken-report.ts';
import type { BoxVitals } from '../../shared/domain/vitals.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { BeatTaken, VitalsStore } from '../../shared/ports/vitals-store.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';

export interface HeartbeatStores {
  readonly vitals: Pick<VitalsStore, 'beat' | 'readBox' | 'patchBox'>;
  readonly records: Pick<RecordStore, 'putGap' | 'addShownLate'>;
}

/**
 * Takes one heartbeat. Normal path: one conditional write, nothing read. Whatever that write refuses (silence, changed
 * facts, another offset, an older sequence, an unknown key) is read, decided and written by compare-and-set.
 */
export const makeReceiveHeartbeat =
  (stores: HeartbeatStores): TakeSequencedReport<HeartbeatReport> =>
  async (sender, beat) => {
    const row = isYoung(beat, sender) ? await beatPlainly(stores, sender, beat) : undefined;
    if (row !== undefined) return { result: 'accepted', ...toldTo(row, sender) };
    return untilSaved(`box ${sender.facilityId}/${sender.box}`, () => takeSlowly(stores, sender, beat));
  };

// Dying before it: the beat is not taken and the box sends it again. After: it is, and the repeat is a duplicate.
const beatPlainly = (
  { vitals }: HeartbeatStores,
  sender: Sender,
  beat: HeartbeatReport,
): Promise<BeatTaken | undefined> =>
  vitals.beat({
    facilityId: sender.facilityId,
    box: sender.box,
    key: sender.key,
    seq: beat.seq,
    nowMs: sender.receivedMs,
    facts: encodeFacts(factsOf(beat)),
    offsetMs: offsetOf(sender),
  });

/** One try; absent = somebody moved the row in between. */
const takeSlowly = async (stores: HeartbeatStores, sender: Sender, beat: HeartbeatReport) => {
  const row = await stores.vitals.readBox(sender.facilityId, sender.box);
  if (row === undefined) throw notLive(sender);
  const decision = decideBeat(row, beat, sender);
  if (decision.does === 'refuse') throw notLive(sender);
  const told = toldTo(row, sender);
  if (decision.does === 'nothing') return { ...decision.outcome, ...told };
  return (await move(stores, row, decision, sender, beat.seq)) ? { ...decision.outcome, ...told } : undefined;
};

/** When to beat again, and what became of the box's latest alarms: both stand in its row. */
const toldTo = ({ silentAfterMs, receipts }: BeatTaken, { receivedMs }: Sender) => {
  const alarms = shownReceipts(receipts, receivedMs);
  return { nextBeatSeconds: secondsBetweenBeats(silentAfterMs), ...(alarms.length > 0 && { alarms }) };
};

const notLive = (sender: Sender): KeyNotLiveError =>
  new KeyNotLiveError(`The key is not enrolled for box ${sender.box} of facility ${sender.facilityId}`);

const secondsBetweenBeats = (silentAfterMs: number): number =>
  Math.max(1, Math.round(silentAfterMs / BEATS_TO_SILENCE / 1_000));

const move = async (
  { vitals, records }: HeartbeatStores,
  row: BoxVitals,
  { gaps, patch, shownLate }: BeatDecision & { does: 'move' },
  sender: Sender,
  seq: number,
): Promise<boolean> => {
  // Gaps first. Dying after them: the row still shows the silence, so the next fresh beat puts them again, longer.
  for (const gap of gaps) await records.putGap(gap);
  // Dying before this: as if the beat never came. After: the sweep finds the mark, and the gaps are there.
  if (!(await vitals.patchBox(row, patch, { key: sender.key, seq }))) return false;
  // Last, because adding is not repeatable: dying before it loses a minute that came late, and never counts one twice.
  if (shownLate) {
    const { fromMs, minutes } = shownLate;
    await records.addShownLate(row.facilityId, 'monitoring-running', `box/${row.box}`, fromMs, minutes);
  }
  return true;
};
