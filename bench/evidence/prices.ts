/** List prices of us-east-1 in dollars, without any free tier. */
export const LIST = {
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  tableGbMonth: 0.25,
  objectPut: 0.005 / 1e3,
  objectGbMonth: 0.023,
  signature: 0.15 / 1e4,
  httpRequest: 1 / 1e6,
  functionCall: 0.2 / 1e6,
  gbSecondArm64: 0.0000133334,
} as const;

export const DAYS_A_MONTH = 365 / 12;
const GB = 1e9;

export const tableBytes = (bytes: number): number => (bytes / GB) * LIST.tableGbMonth;
export const objectBytes = (bytes: number): number => (bytes / GB) * LIST.objectGbMonth;
export const dollars = (amount: number): number => Number(amount.toFixed(5));
