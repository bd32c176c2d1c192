/*
 * List prices of us-east-1 in dollars, without any free tier, as they were noted in November 2026. Those marked
 * "to be checked" were not seen on a page of that time. `aws-cn` has a list of its own.
 */
export const LIST = {
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** To be checked. */
  tableGbMonth: 0.25,
  /** Backup to a point in time, for each GB of the tables. To be checked. */
  backupGbMonth: 0.2,
  /** To be checked. */
  objectPut: 0.005 / 1e3,
  /** To be checked. */
  objectGbMonth: 0.023,
  /** KMS, asymmetric. To be checked. */
  signature: 0.15 / 1e4,
  httpRequest: 1 / 1e6,
  functionCall: 0.2 / 1e6,
  /** To be checked. */
  gbSecondArm64: 0.0000133334,
  logGb: 0.5,
  /** X-Ray, for each trace that is kept. To be checked. */
  trace: 5 / 1e6,
  /** To be checked. */
  queueRequest: 0.4 / 1e6,
  /** To the internet. To be checked. */
  answerGb: 0.09,
} as const;

/** What the bill counts beside what the bench measures; each is a figure of ours, to be checked on a deployed stage. */
export const ASSUMED = {
  /** A function has the share of a processor that its memory has of this: our CPU takes that much longer there. */
  wholeCpuMb: 1_769,
  /** For one question to the store, each waited for by itself. */
  waitMs: 5,
  /** Head of an answer, and of the connection. */
  answerHeadBytes: 500,
  /** Of one request in the log of the API. */
  accessLineBytes: 250,
  /** Of one run in the log of its function: START, END and REPORT. */
  runLinesBytes: 340,
  /** Of a busy city: X-Ray keeps one a second of each function and this share of the rest. A quiet one is kept whole. */
  tracedShare: 0.05,
  /** A message to the queue of a day is sent, taken and deleted. */
  queueRequests: 3,
  /** Of the sweep for each row, by its budget of 100,000 rows in ten seconds. */
  sweepRowMs: 0.1,
} as const;

export const DAYS_A_MONTH = 365 / 12;
const GB = 1e9;

export const perGb = (bytes: number, price: number): number => (bytes / GB) * price;
export const dollars = (amount: number): number => Number(amount.toFixed(5));
