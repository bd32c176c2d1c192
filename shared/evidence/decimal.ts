/** A count as the C2SP forms write it: digits without a leading zero. Nothing for any other spelling, or beyond 2^53 − 1. */
export const fromDecimal = (text: string): number | undefined => {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
};
