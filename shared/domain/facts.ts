import type { HeartbeatReport, YesNoUnknown } from './reports.ts';
import { DAY_MS } from './time.ts';
import type { BoxFacts } from './vitals.ts';

const DISK_HIGH_PERCENT = 85;
const DISK_FULL_PERCENT = 97;

const diskBandOf = (percent: number | 'unknown'): BoxFacts['diskBand'] => {
  if (percent === 'unknown') return 'unknown';
  if (percent >= DISK_FULL_PERCENT) return 'full';
  return percent >= DISK_HIGH_PERCENT ? 'high' : 'ok';
};

/** What a heartbeat says that a rule judges, quantized: a beat that says the same encodes the same. */
export const factsOf = (beat: HeartbeatReport): BoxFacts => ({
  monitoring: beat.monitoring,
  alarmSystem: beat.alarmSystem,
  camerasOnline: beat.camerasOnline,
  camerasRecording: beat.camerasRecording,
  diskBand: diskBandOf(beat.diskUsedPercent),
  oldestSelfTestDay:
    beat.selfTests.length === 0
      ? 'unknown'
      : Math.floor(Math.min(...beat.selfTests.map((test) => test.testedAtMs)) / DAY_MS),
});

const letters = { yes: 'y', no: 'n', unknown: 'u' } as const;
const disks = { ok: 'o', high: 'h', full: 'f', unknown: 'u' } as const;

const numberText = (value: number | 'unknown'): string => (value === 'unknown' ? 'u' : String(value));

/** One canonical string, such as `1 y y 4 4 o 20512`: equal exactly if every fact is equal. */
export const encodeFacts = (facts: BoxFacts): string =>
  [
    '1',
    letters[facts.monitoring],
    letters[facts.alarmSystem],
    numberText(facts.camerasOnline),
    numberText(facts.camerasRecording),
    disks[facts.diskBand],
    numberText(facts.oldestSelfTestDay),
  ].join(' ');

const keyOf = <K extends string>(table: Readonly<Record<K, string>>, letter: string | undefined): K | undefined =>
  (Object.keys(table) as K[]).find((key) => table[key] === letter);

const numberOf = (text: string | undefined): number | 'unknown' => {
  const value = Number(text);
  return text === undefined || text === 'u' || !Number.isFinite(value) ? 'unknown' : value;
};

/** Reads what `encodeFacts` wrote. What it cannot read is unknown, never fine. */
export const decodeFacts = (text: string): BoxFacts => {
  const [version, monitoring, alarmSystem, online, recording, disk, selfTest] = text.split(' ');
  const isKnown = version === '1';
  return {
    monitoring: (isKnown && keyOf(letters, monitoring)) || 'unknown',
    alarmSystem: (isKnown && keyOf(letters, alarmSystem)) || 'unknown',
    camerasOnline: isKnown ? numberOf(online) : 'unknown',
    camerasRecording: isKnown ? numberOf(recording) : 'unknown',
    diskBand: (isKnown && keyOf(disks, disk)) || 'unknown',
    oldestSelfTestDay: isKnown ? numberOf(selfTest) : 'unknown',
  };
};

/**
 * What the facts show of the alarm system. One that runs and of which no input was ever tested has not been shown to
 * work: unknown.
 */
export const alarmSystemShown = (facts: BoxFacts): YesNoUnknown =>
  facts.alarmSystem === 'yes' && facts.oldestSelfTestDay === 'unknown' ? 'unknown' : facts.alarmSystem;
