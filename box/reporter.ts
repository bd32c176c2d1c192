import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { AlarmWire } from '../shared/contracts/reports/alarm.ts';
import type { ChallengeWire } from '../shared/contracts/reports/challenge.ts';
import type { CheckWire } from '../shared/contracts/reports/check.ts';
import type { CoverageWire } from '../shared/contracts/reports/coverage.ts';
import type { DigestWire } from '../shared/contracts/reports/digest.ts';
import type { HeartbeatWire } from '../shared/contracts/reports/heartbeat.ts';
import type { LogWire } from '../shared/contracts/reports/log.ts';
import type { RecordingWire } from '../shared/contracts/reports/recording.ts';
import type { BoxAlarmKind, CameraCoverage, CheckSession, LogKind, YesNoUnknown } from '../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS, hourFrom } from '../shared/domain/time.ts';
import { type BeatenHours, type HourOfBeats, openBeatenHours } from './beaten-hours.ts';
import { createClient, type SendOutcome } from './client.ts';
import { startFilmDuties } from './film-duties.ts';
import { isClockSet, lastFullHourMs, nextHourMs, recordingOf, SETTLED_MS } from './film-hours.ts';
import { type Lane, type LaneEvent, startLane, withAge } from './lane.ts';
import type { KeyMark, Mark } from './mark.ts';
import type { QueuedReport, ReportQueue } from './queue.ts';
import type { FilmHolder, Recorder, SliceReader } from './recorder.ts';
import type { BoxIdentity } from './signer.ts';
import { onWire, type Stream, streams } from './streams.ts';

/** What the contracts ask of each report beyond what every report gets when it is queued and sent. */
type Facts<Wire> = Omit<Wire, 'id' | 'time' | 'ageMs' | 'seq'>;
interface StreamFacts {
  readonly alarms: Facts<AlarmWire>;
  readonly heartbeats: Facts<HeartbeatWire>;
  readonly coverage: Facts<CoverageWire>;
  readonly recordings: Facts<RecordingWire>;
  readonly checks: Facts<CheckWire>;
  readonly logs: Facts<LogWire>;
  readonly digests: Facts<DigestWire>;
  readonly challenges: Facts<ChallengeWire>;
}

/** The box's own clock; `monotonicMs` never jumps within one run. */
export interface BoxClock {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}

export const machineClock: BoxClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

export interface ReporterOptions {
  readonly api: URL;
  readonly identity: BoxIdentity;
  readonly queue: ReportQueue;
  readonly recorder: Recorder;
  /** By which hours are sealed and challenges answered; absent = the recorder gives no film. */
  readonly slices?: SliceReader;
  /** By which orders to keep are carried out; absent = it protects nothing. */
  readonly holder?: FilmHolder;
  /** Last hour of film that was queued; without it a restarted box begins with the last full hour. */
  readonly hourMark?: Mark;
  /** Seconds between beats as last asked for: an answer says so only when it had to look it up. */
  readonly paceMark?: Mark;
  /** The key to which hours are sealed, as last told; without it a restarted box seals from its first answer on. */
  readonly keyMark?: KeyMark;
  /** Minutes of answered beats, until their hour is told; without it a restarted box loses those of the hour. */
  readonly beatenHours?: BeatenHours;
  readonly clock?: BoxClock;
  readonly software?: string;
  readonly onEvent?: (event: LaneEvent) => void;
  readonly fetch?: typeof fetch;
}

export interface AlarmPress {
  readonly kind: BoxAlarmKind;
  readonly area?: string;
  readonly confirmed?: YesNoUnknown;
  readonly drill?: boolean;
}

export interface CheckDone {
  readonly class: string;
  readonly session: CheckSession;
  /** Local day `YYYY-MM-DD`. */
  readonly day: string;
  readonly present: number;
  readonly absent: number;
  /** Nothing, if absent. */
  readonly findings?: CheckWire['findings'];
}

export interface LogDone {
  readonly kind: LogKind;
  /** Of a `device-test`. */
  readonly device?: string;
  readonly doneAtMs: number;
  readonly counts?: LogWire['counts'];
}

/** A running box. */
export interface Reporter {
  /** Answers the report's id. It is on disk when this returns, or `not-on-disk` was told. */
  readonly press: (alarm: AlarmPress) => string;
  readonly logCheck: (check: CheckDone) => string;
  readonly log: (done: LogDone) => string;
  /** Signs with another key from the next request on (the registry must know it already). */
  readonly useIdentity: (identity: BoxIdentity) => void;
  readonly stop: () => Promise<void>;
}

/** Until the server says otherwise. */
const USUAL_BEAT_SECONDS = 60;
const SHORTEST_BEAT_SECONDS = 1;
const LONGEST_BEAT_SECONDS = 300;
/** How often the cameras are looked at; a change is reported at once. */
const LOOK_EVERY_MS = 1_000;
const LOOK_FOR_AN_HOUR_MS = 10_000;
const LONGEST_BACKOFF_MS: Readonly<Record<Stream, number>> = {
  alarms: 15_000,
  heartbeats: 60_000,
  coverage: 60_000,
  recordings: 300_000,
  checks: 60_000,
  logs: 300_000,
  digests: 300_000,
  challenges: 300_000,
};

/** Starts a box: it beats, watches its cameras, reports each hour of film, and forwards whatever is pressed or logged. */
export const startReporter = (options: ReporterOptions): Reporter => {
  const { queue, recorder, clock = machineClock, onEvent = () => {} } = options;
  const boot = uuidv7();
  const end = new AbortController();
  let identity = options.identity;
  let nextBeatSeconds = options.paceMark?.read();
  const beaten = options.beatenHours ?? openBeatenHours();

  const client = createClient({
    api: options.api,
    nowMs: clock.nowMs,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });

  const longestBackoffMs = (stream: Stream): number =>
    // A box that is expected every five seconds does not sit out a minute when the server is back.
    stream === 'heartbeats'
      ? Math.min(LONGEST_BACKOFF_MS.heartbeats, Math.max(2, nextBeatSeconds ?? 5) * 1000)
      : LONGEST_BACKOFF_MS[stream];

  /** The beats of the request in flight: an answer names them by their ids alone. */
  let beats: readonly QueuedReport[] = [];

  const laneOf = (stream: Stream): Lane =>
    startLane({
      stream,
      queue,
      onEvent,
      longestBackoffMs: () => longestBackoffMs(stream),
      send: (batch) => {
        if (stream === 'heartbeats') beats = batch;
        return client.send(
          identity,
          stream,
          batch.map((entry) => withAge(entry, boot, clock.monotonicMs())),
        );
      },
      onAnswer: (answer) => {
        if (stream === 'recordings') film.hear(answer);
        if (stream !== 'heartbeats') return;
        beaten.answered(answeredBeats(beats, answer));
        if (answer.alarms !== undefined) onEvent({ is: 'alarm-news', alarms: answer.alarms });
        if (answer.nextBeatSeconds === undefined) return;
        const asked = Math.min(
          LONGEST_BEAT_SECONDS,
          Math.max(SHORTEST_BEAT_SECONDS, Math.round(answer.nextBeatSeconds)),
        );
        if (asked !== nextBeatSeconds) options.paceMark?.write(asked);
        nextBeatSeconds = asked;
      },
    });
  const lanes = Object.fromEntries(streams.map((stream) => [stream, laneOf(stream)])) as Record<Stream, Lane>;

  const report = <S extends Stream>(stream: S, facts: StreamFacts[S]): string => {
    const { id } = queue.put(
      stream,
      { id: uuidv7(), time: onWire(clock.nowMs()), ...facts },
      { boot, monotonicMs: clock.monotonicMs() },
    );
    const why = queue.diskFault(stream);
    if (why !== undefined) onEvent({ is: 'not-on-disk', stream, why });
    lanes[stream].wake();
    return id;
  };

  const film = startFilmDuties({
    slices: options.slices,
    holder: options.holder,
    keyMark: options.keyMark,
    facilityId: identity.facilityId,
    nowMs: clock.nowMs,
    saidBefore: finalAnswersIn(queue),
    sayAnswer: ({ id: challenge, ...said }) => report('challenges', { challenge, ...said }),
    // The last hour once more: what it says of itself is known, and what it confirms is news. Else the next one does.
    confirmNow: (camera) => {
      if (!isClockSet(clock.nowMs())) return;
      const hourMs = lastFullHourMs(clock.nowMs());
      report('recordings', { ...recordingOf(recorder, camera, hourMs), ...film.confirm(camera) });
    },
    pause,
    signal: end.signal,
  });

  const beat = (): void => {
    beaten.made(clock.nowMs());
    report('heartbeats', heartbeatOf(recorder, queue.waiting(), options.software ?? 'reference-box-0.1.0'));
  };

  /** Beats as often as the last answer asked for; the pace counts from beat to beat, not from answer to beat. */
  const keepBeating = async (): Promise<void> => {
    let dueMs = clock.monotonicMs();
    while (!end.signal.aborted) {
      beat();
      const beatenMs = dueMs;
      do {
        dueMs = beatenMs + (nextBeatSeconds ?? USUAL_BEAT_SECONDS) * 1000;
        await pause(Math.min(1_000, dueMs - clock.monotonicMs()), end.signal);
      } while (!end.signal.aborted && clock.monotonicMs() < dueMs);
      // After a long standstill (a suspended machine) go on from now: missed beats are not made up for.
      if (clock.monotonicMs() - dueMs > 60_000) dueMs = clock.monotonicMs();
    }
  };

  const keepLooking = async (): Promise<void> => {
    let last = '';
    let saidAtMs = Number.NEGATIVE_INFINITY;
    while (!end.signal.aborted) {
      const cameras = recorder.cameras();
      const now = JSON.stringify(cameras);
      if (now !== last || clock.monotonicMs() - saidAtMs >= DAY_MS) {
        if (cameras.length > 0) report('coverage', { cameras: [...cameras] });
        last = now;
        saidAtMs = clock.monotonicMs();
      }
      await pause(LOOK_EVERY_MS, end.signal);
    }
  };

  /**
   * Sealed before it is reported: no other report could bring the token of this hour. All cameras are sealed first, so
   * that their hour goes out in one request: sixteen would cost the platform a fifth more.
   */
  const reportHour = async (hourMs: number): Promise<void> => {
    const isNewest = hourMs === lastFullHourMs(clock.nowMs());
    const sealed = new Map<string, Awaited<ReturnType<typeof film.seal>>>();
    for (const { camera } of recorder.cameras()) {
      sealed.set(camera, await film.seal(camera, hourMs, recorder.recorded(camera, hourFrom(hourMs)), isNewest));
      if (end.signal.aborted) return;
    }
    for (const [camera, seal] of sealed) {
      report('recordings', { ...recordingOf(recorder, camera, hourMs), ...seal, ...film.confirm(camera) });
    }
  };

  /** Each full hour, a minute after it ended, by the clock as it then stands: it may have been set meanwhile. */
  const keepFilming = async (): Promise<void> => {
    let doneMs = options.hourMark?.read();
    while (!end.signal.aborted) {
      const hourMs = nextHourMs(doneMs, clock.nowMs(), recorder.cameras().length);
      if (hourMs === undefined) {
        await pause(isClockSet(clock.nowMs()) ? LOOK_FOR_AN_HOUR_MS : LOOK_EVERY_MS, end.signal);
        continue;
      }
      await reportHour(hourMs);
      if (end.signal.aborted) return;
      // Killed before this line: the hour is reported again under new ids, which says the same once more.
      options.hourMark?.write(hourMs);
      doneMs = hourMs;
      // Beats and alarms are heard between two of many hours.
      await pause(0, end.signal);
    }
  };

  /** Each full hour, a minute after it ended, so that its last beat is answered; and at once what ended while it was off. */
  const keepDigesting = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const settledMs = clock.nowMs() - SETTLED_MS;
      for (const hour of beaten.endedAt(settledMs)) {
        report('digests', digestOf(hour));
        // Killed before this line: the hour is told again under a new id, which says the same once more.
        beaten.forget(hour.hourMs);
      }
      await pause(HOUR_MS - (settledMs % HOUR_MS), end.signal);
    }
  };

  const work = Promise.all([keepBeating(), keepLooking(), keepFilming(), keepDigesting()]);

  return {
    press: (alarm) =>
      report('alarms', {
        kind: alarm.kind,
        ...(alarm.area === undefined ? {} : { area: alarm.area }),
        confirmed: alarm.confirmed ?? 'unknown',
        drill: alarm.drill ?? false,
      }),
    logCheck: (check) => report('checks', { findings: [], ...check, checked: check.present }),
    log: ({ kind, device, doneAtMs, counts = {} }) =>
      report('logs', { kind, ...(device !== undefined && { device }), doneAt: onWire(doneAtMs), counts }),
    useIdentity: (next) => {
      identity = next;
    },
    stop: async () => {
      end.abort();
      await Promise.all([work, film.done()]);
      await Promise.all(streams.map((stream) => lanes[stream].stop()));
    },
  };
};

/** Challenges of which the final answer waits on disk from before a restart: they are answered. */
const finalAnswersIn = (queue: ReportQueue): readonly string[] =>
  queue
    .oldest('challenges', Number.POSITIVE_INFINITY)
    .filter(({ report }) => report.is !== 'busy')
    .map(({ report }) => String(report.challenge));

const countYes = (cameras: readonly CameraCoverage[], field: 'online' | 'recording'): number =>
  cameras.filter((camera) => camera[field] === 'yes').length;

const heartbeatOf = (recorder: Recorder, queueLength: number, software: string): StreamFacts['heartbeats'] => {
  const cameras = recorder.cameras();
  return {
    monitoring: recorder.monitoring(),
    alarmSystem: recorder.alarmSystem(),
    camerasOnline: countYes(cameras, 'online'),
    camerasRecording: countYes(cameras, 'recording'),
    diskUsedPercent: recorder.diskUsedPercent(),
    queueLength,
    selfTests: recorder.selfTests().map(({ input, testedAtMs }) => ({ input, testedAt: onWire(testedAtMs) })),
    software,
  };
};

const digestOf = ({ hourMs, ...said }: HourOfBeats): StreamFacts['digests'] => ({ hour: onWire(hourMs), ...said });

/** A newer one was known or it was kept before: answered all the same. Only a refused beat was not heard. */
const answeredBeats = (
  sent: readonly QueuedReport[],
  { results }: Extract<SendOutcome, { is: 'answered' }>,
): readonly { readonly atMs: number; readonly seq: number }[] => {
  const heard = new Set(results.filter(({ result }) => result !== 'rejected').map(({ id }) => id));
  return sent
    .filter(({ report }) => heard.has(report.id))
    .map(({ report }) => ({ atMs: Date.parse(report.time), seq: report.seq ?? 0 }));
};

/** Waits, and ends early (without a fault) when the box stops. */
const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {});
};
