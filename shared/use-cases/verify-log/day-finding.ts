import { type EvidenceCode, EvidenceError } from '../../evidence/evidence-error.ts';

/** Evidence that is broken on one day, so that people know where to look. */
export class DayFindingError extends EvidenceError {
  readonly day: string;

  constructor(code: EvidenceCode, detail: string, day: string) {
    super(code, detail);
    this.day = day;
  }
}

/** Names the day in whatever the work finds broken. Trouble of a store goes through as it is: it says nothing of the day. */
export const onDay = async <T>(day: string, work: () => Promise<T> | T): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EvidenceError) || error instanceof DayFindingError) throw error;
    throw new DayFindingError(error.code, error.message, day);
  }
};

/** What is found broken, as an exception: the first of a log is enough, for what rests on it would be noise. */
export const broken = (code: EvidenceCode, detail: string, day?: string): never => {
  throw day === undefined ? new EvidenceError(code, detail) : new DayFindingError(code, detail, day);
};
