import * as z from 'zod';
import { daysOfSpan, type WorkdayTable } from '../domain/workdays.ts';

const year = z.int().min(2000).max(2100);

const isDay = (text: string): boolean => z.iso.date().safeParse(text).success;

const span = z
  .string()
  .refine((text) => /^[^/]+(\/[^/]+)?$/.test(text) && text.split('/').every(isDay), {
    error: 'must be YYYY-MM-DD, or two of them with a slash between',
    abort: true,
  })
  .refine((text) => daysOfSpan(text).length > 0, 'must not run backwards');

/** The national calendar that every pack carries. A day outside its years, or both off and worked, is a fault. */
export const workdayTableSchema: z.ZodType<WorkdayTable> = z
  .strictObject({
    fromYear: year,
    toYear: year,
    off: z.array(span).max(400),
    work: z.array(span).max(400),
  })
  .check(({ value: table, issues }) => {
    const all = [...table.off, ...table.work].flatMap(daysOfSpan);
    const isOutside = (day: string): boolean => {
      const of = Number(day.slice(0, 4));
      return of < table.fromYear || of > table.toYear;
    };
    for (const day of all.filter(isOutside)) {
      issues.push({ code: 'custom', input: table, path: [], message: `${day} lies outside its years` });
    }
    for (const day of all.filter((one, at) => all.indexOf(one) < at)) {
      issues.push({ code: 'custom', input: table, path: [], message: `${day} is there twice` });
    }
  });
