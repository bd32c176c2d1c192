import { civilTimeOf } from '../../../shared/domain/civil-day.ts';
import { zoneName } from '../../../shared/runtime/sheets/wall-clock.ts';

/** An instant as the clock on the wall of the facility showed it, to the minute. */
export const localTime = (instant: string | undefined, zone: string): string | undefined => {
  if (instant === undefined) return undefined;
  const { day, time } = civilTimeOf(Date.parse(instant), zone);
  return `${day} ${time}`;
};

/** The same with the clock that it is of, and as it stands under seal. */
export const exactTime = (instant: string, zone: string): string =>
  `${localTime(instant, zone)} ${zoneName(zone)} (${instant})`;

/** Hours with one digit after the point; a second is never nothing. */
export const hoursOf = (seconds: number): string => {
  if (seconds === 0) return '0';
  return seconds < 360 ? '< 0.1' : (seconds / 3_600).toFixed(1);
};

/** Minutes with one digit after the point. */
export const minutesOf = (seconds: number): string => {
  if (seconds === 0) return '0';
  return seconds < 6 ? '< 0.1' : (seconds / 60).toFixed(1);
};
