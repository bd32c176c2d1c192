import * as z from 'zod';

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** An IANA time zone that this runtime knows. */
export const zone = z.string().max(64).refine(isZone, 'not an IANA time zone, such as Asia/Shanghai');
