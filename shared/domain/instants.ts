/** RFC 3339 in UTC, as every answer writes an instant. */
export const writeInstant = (ms: number): string => new Date(ms).toISOString();

/** Epoch milliseconds of an instant that the contract's `instant` has accepted. */
export const readInstant = (text: string): number => Date.parse(text);
