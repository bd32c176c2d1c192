import * as z from 'zod';
import { areaRecordingStates } from '../domain/area-recordings.ts';
import { objectionView } from './audit-notes.ts';
import { pageOf, pageQuery } from './page.ts';
import { sheetFormat } from './sheet-format.ts';
import { bilingualName, divisionPrefix, facilityId, instant, localDay, shortId } from './wire.ts';

const format = sheetFormat.exactOptional();

/** Which facilities cannot show that they keep recordings long enough. Absent `division`: all that the caller reaches. */
export const retentionQuery = pageQuery.extend({
  division: divisionPrefix.exactOptional(),
  /** As known at this instant; not in the future. Absent = now. */
  asOf: instant.exactOptional(),
  /**
   * `failing` (the default) leaves out those that can show it, and looks at every facility for that. `not-shown` looks only
   * at those listed when their last day was sealed and at those registered, edited or with an incident since, and judges each
   * of them anew; `basis` says what it cannot know.
   */
  show: z.enum(['failing', 'all', 'not-shown']).exactOptional(),
  format,
});
export type RetentionQuery = z.infer<typeof retentionQuery>;

/** Retention of one facility, by camera and day. */
export const facilityRetentionQuery = z.strictObject({
  asOf: instant.exactOptional(),
  camera: shortId.exactOptional(),
  format,
});
export type FacilityRetentionQuery = z.infer<typeof facilityRetentionQuery>;

/** Was this area recorded in `[from, to)`, and is it still held. At most 31 days, none of them after `asOf`. */
export const areaRecordingsQuery = z.strictObject({ from: instant, to: instant, asOf: instant.exactOptional() });
export type AreaRecordingsQuery = z.infer<typeof areaRecordingsQuery>;

/** Uptime of one facility by local day, both days included. Absent = the last 30 days. */
export const uptimeQuery = z.strictObject({ from: localDay.exactOptional(), to: localDay.exactOptional(), format });
export type UptimeQuery = z.infer<typeof uptimeQuery>;

/** `short`: the recordings do not reach back far enough. `gaps`: time inside is lost. `unknown`: nothing was shown. */
const retentionState = z.enum(['held', 'short', 'gaps', 'unknown']);
const seconds = z.number().min(0);

const cameraVerdict = z.strictObject({
  camera: shortId,
  state: retentionState,
  /** Kebab-case word: why. */
  reason: z.string().max(100),
  installedAt: instant,
  /** Days back that recordings reach; absent = unknown, which is not zero. */
  depthDays: z.number().min(0).exactOptional(),
  /** Required time that is lost; absent = nobody ever reported, which is not zero. */
  missingSeconds: seconds.exactOptional(),
});
export type CameraVerdict = z.infer<typeof cameraVerdict>;

const milliseconds = z.number().int().min(0);

/** To the millisecond, of what must be held now; only where `show=not-shown` was asked. */
const exactVerdict = z.strictObject({
  requiredMs: milliseconds,
  lostMs: milliseconds,
  unknownMs: milliseconds,
  /** Only claimed by the recorder, or deleted for a permitted reason. */
  declaredMs: milliseconds,
  /** The earliest stretch that is lost. */
  firstLost: z.strictObject({ from: instant, to: instant }).exactOptional(),
});

/** Facility only: no camera admits to a loss, and footage that was asked for was not shown. */
const facilityState = z.enum([...retentionState.options, 'unproved']);
const count = z.number().int().min(0);

/** Whether footage was shown when it was asked for without warning. `unknown`: the days rest on reports alone. */
const challengesVerdict = z.strictObject({
  state: z.enum(['met', 'breached', 'unknown', 'not-applicable']),
  /** Kebab-case word: why. */
  reason: z.string().max(100),
  /** When the first failure that counts was one. */
  since: instant.exactOptional(),
  outcomes: z.strictObject({
    open: count,
    held: count,
    mismatch: count,
    'not-found': count,
    present: count,
    busy: count,
    unanswered: count,
    'token-refused': count,
  }),
});
export type ChallengesVerdict = z.infer<typeof challengesVerdict>;

const bilingualSentence = z.strictObject({ zh: z.string(), en: z.string() });

const facilityVerdict = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  /** `commissioning` facilities owe nothing yet; `closed` ones still owe their recordings. */
  standing: z.enum(['commissioning', 'in-service', 'suspended', 'closed']),
  /** False = no box of it ever sent a beat. */
  connected: z.boolean(),
  /**
   * The worst of its cameras, and `unproved` where they admit to nothing but a challenge is breached; `unknown` if it has
   * none, since a facility without cameras shows nothing.
   */
  state: facilityState,
  reason: z.string().max(100),
  /** Days that have to be kept. */
  requiredDays: z.number().int(),
  /** The same in one plain sentence. */
  sentence: bilingualSentence.exactOptional(),
  challenges: challengesVerdict.exactOptional(),
  cameras: z.array(cameraVerdict.extend({ exact: exactVerdict.exactOptional() })),
});
export type FacilityVerdict = z.infer<typeof facilityVerdict>;

/** At which facilities an answer looked. */
const retentionBasis = z.strictObject({
  /** `all`: no day was sealed lately, so that every facility was looked at. */
  looked: z.enum(['not-shown-lists', 'all']),
  /** The sealed days whose lists were read. */
  days: z.array(localDay).max(2),
  /** As of this instant everybody was judged; absent where everybody was looked at now. */
  judgedTo: instant.exactOptional(),
  /** Who was judged since then, and what is not known before the next day is sealed. */
  sentence: bilingualSentence.exactOptional(),
});
export type RetentionBasis = z.infer<typeof retentionBasis>;

export const retentionPage = pageOf(facilityVerdict).extend({
  asOf: instant,
  /** Only where `show=not-shown` was asked. */
  basis: retentionBasis.exactOptional(),
});
export type RetentionPage = z.infer<typeof retentionPage>;

/** What became of a time that a camera had to record. Every second is in exactly one. */
const cameraDayStates = z.strictObject({
  /** Reported as recorded, and still retrievable. */
  heldSeconds: seconds,
  /** The same, and reported only after the time in which it had to be. */
  heldLateSeconds: seconds,
  /** Still retrievable, older than the days, and kept because of an order. */
  onHoldSeconds: seconds,
  /** Not recorded, no longer retrievable, or deleted without being allowed to. */
  lostSeconds: seconds,
  /** Only claimed by the recorder, or deleted for a permitted reason. */
  declaredSeconds: seconds,
  /** Nobody said anything of it. */
  unknownSeconds: seconds,
  /** Before the installation, after retirement or closing, or so recent that it may still be reported. */
  notYetDueSeconds: seconds,
  /** Older than the days, and under no order. */
  noLongerDueSeconds: seconds,
});

const owedStates = cameraDayStates.omit({ notYetDueSeconds: true, noLongerDueSeconds: true });

/** Three answers about the days of one camera. There is no figure that joins them. */
const retentionAnswers = z.strictObject({
  /** How far back the recorder says that it reaches; not whether all since is there. Absent instants = it never said. */
  depth: z.strictObject({
    is: z.enum(['claimed', 'unknown']),
    oldestRetrievableAt: instant.exactOptional(),
    lastReportedAt: instant.exactOptional(),
  }),
  /** What became of what is required; the states add up to it. */
  completeness: owedStates.extend({ requiredSeconds: seconds }),
  /** From where it is known; they add up to what is required. */
  provenance: z.strictObject({
    inTimeSeconds: seconds,
    /** Reported, and when each hour was is not kept. */
    undatedSeconds: seconds,
    lateSeconds: seconds,
    /** No report: the recorder's reach or a declared deletion is all there is. */
    claimedSeconds: seconds,
    nobodySeconds: seconds,
  }),
});

const retentionDay = z.strictObject({
  day: localDay,
  requiredSeconds: seconds,
  /** Reported as recorded, and still retrievable, whether in time, late or because of an order. */
  heldSeconds: seconds,
  /** Only claimed by the recorder, or deleted for a permitted reason. */
  declaredSeconds: seconds,
  /** Not recorded, no longer retrievable, or deleted without being allowed to. */
  missingSeconds: seconds,
  unknownSeconds: seconds,
  /**
   * The same, state by state, with what is not due of the local day. Absent where a facility of many cameras is asked
   * about all of them.
   */
  states: cameraDayStates.extend({ requiredSeconds: seconds }).exactOptional(),
});

export const facilityRetentionView = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  asOf: instant,
  requiredDays: z.number().int(),
  /**
   * Of the whole facility, whichever camera is asked about; the words are those of the list of a division. Absent = it owes
   * nothing any more.
   */
  state: facilityState.exactOptional(),
  reason: z.string().max(100).exactOptional(),
  sentence: bilingualSentence.exactOptional(),
  challenges: challengesVerdict.exactOptional(),
  cameras: z.array(
    cameraVerdict.extend({
      retiredAt: instant.exactOptional(),
      /** Of all the days together. */
      answers: retentionAnswers,
      days: z.array(retentionDay).max(400),
    }),
  ),
  /** What the facility says against it, the latest first. It changes no verdict. */
  objections: z.array(objectionView).max(1_000).exactOptional(),
});
export type FacilityRetentionView = z.infer<typeof facilityRetentionView>;

const yesOrNo = z.enum(['yes', 'no', 'not-known']);
const areaState = z.enum(areaRecordingStates);

export const areaRecordingsView = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  area: shortId,
  from: instant,
  to: instant,
  asOf: instant,
  /** Is it still held? `no` only if of all of it it is known that it is not. */
  answer: z.enum(['yes', 'partly', 'no', 'not-known']),
  /** Was it recorded, whether or not it is held since? */
  recorded: z.enum(['yes', 'partly', 'no', 'not-known']),
  /** What most of the time that is not held is; `held` if all is. */
  reason: areaState,
  /** The answer and why, in one sentence. */
  sentence: z.strictObject({ zh: z.string(), en: z.string() }),
  /** Seconds by state; they add up to what was asked. An area is what is left of its best camera. */
  totals: z.strictObject({
    askedSeconds: seconds,
    ...cameraDayStates.omit({ declaredSeconds: true }).shape,
    /** The recorder says that it has it, and no report shows it. */
    declaredHeldSeconds: seconds,
    /** Deleted for a permitted reason. */
    declaredDeletedSeconds: seconds,
    /** No camera of the area was in use. */
    noCameraSeconds: seconds,
  }),
  /** The three add up to what was asked. */
  recording: z.strictObject({
    recordedSeconds: seconds,
    notRecordedSeconds: seconds,
    unknownSeconds: seconds,
  }),
  /** Every camera that showed the area at some time asked about, the retired and replaced ones among them. */
  cameras: z.array(z.strictObject({ camera: shortId, installedAt: instant, retiredAt: instant.exactOptional() })),
  /** Sorted; one ends where the next begins, and together they are what was asked. */
  intervals: z.array(
    z.strictObject({
      from: instant,
      to: instant,
      recorded: yesOrNo,
      recordedBy: z.array(shortId),
      state: areaState,
      stillHeld: yesOrNo,
      heldBy: z.array(shortId),
    }),
  ),
});
export type AreaRecordingsView = z.infer<typeof areaRecordingsView>;

const uptimeDay = z.strictObject({
  day: localDay,
  requiredSeconds: seconds,
  /** Shown to be monitored, in time. */
  shownSeconds: seconds,
  /** Not shown in time: the union of the gaps of all boxes. */
  missingSeconds: seconds,
  /** Before the first connection, or while a box said that it does not know. Never counted as shown. */
  unknownSeconds: seconds,
  /** Minutes inside the gaps begun that day that reached us late (store and forward): shown, but not in time. */
  shownLateMinutes: z.number().min(0),
});

export const uptimeView = z.strictObject({
  facility: facilityId,
  name: bilingualName,
  division: z.string().max(12),
  asOf: instant,
  zone: z.string().max(64),
  /** First beat of any box; absent = never connected. */
  connectedAt: instant.exactOptional(),
  days: z.array(uptimeDay).max(400),
  gaps: z.array(
    z.strictObject({
      subject: z.string().max(100),
      reason: z.string().max(100),
      from: instant,
      /** Absent = still going on. */
      to: instant.exactOptional(),
      shownLateMinutes: z.number().min(0),
    }),
  ),
  /**
   * What each box says itself of its hours, against our gaps. The two should agree: a box that beat while we have a gap has
   * a wrong clock or was answered by somebody else.
   */
  boxes: z
    .array(
      z.strictObject({
        box: shortId,
        /** Time that its hourly digests speak of. */
        saidMinutes: z.number().min(0),
        /** It says that a beat was answered; we have a gap. */
        saysBeatWeSayGapMinutes: z.number().min(0),
        /** It says that none was; we have no gap. Single minutes are the pace of its beats. */
        saysNoneWeSayBeatMinutes: z.number().min(0),
      }),
    )
    .max(100)
    .exactOptional(),
});
export type UptimeView = z.infer<typeof uptimeView>;

/** A CSV too large for an answer was kept; fetch it at `link` with the same token within the export's life. */
export const exportView = z.strictObject({
  export: z.string().max(200),
  link: z.string().max(300),
  bytes: z.number().int(),
});
export type ExportView = z.infer<typeof exportView>;
