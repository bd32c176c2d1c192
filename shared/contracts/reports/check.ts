import * as z from 'zod/mini';
import { type CheckReport, type CheckSession, findingActions, findingCodes } from '../../domain/reports.ts';
import { reportIdPattern } from '../patterns.ts';
import { described, intWithin, localDay, matching, shortId } from './primitives.ts';
import { baseShape, type ReportContract, toBase } from './report.ts';

const MOST_CHILDREN = 500;
const MOST_FINDINGS = 200;

const sessions = ['morning', 'noon'] as const satisfies readonly CheckSession[];

const finding = z.strictObject({
  code: described(z.enum(findingCodes), 'What was found.'),
  childRef: matching(
    /^[0-9a-f]{16,64}$/,
    'Pseudonym of the child, salted on the box: 16 to 64 hexadecimal digits, so that no name fits.',
  ),
  action: described(z.enum(findingActions), 'What was done.'),
});

export const checkSchema = described(
  z.strictObject({
    ...baseShape,
    class: shortId('Class'),
    session: described(z.enum(sessions), 'Which check of the day.'),
    day: localDay('The day for which the check was done.'),
    present: intWithin(0, MOST_CHILDREN, 'Children present.'),
    absent: intWithin(0, MOST_CHILDREN, 'Children absent.'),
    checked: intWithin(0, MOST_CHILDREN, 'Children checked.'),
    findings: described(z.array(finding).check(z.maxLength(MOST_FINDINGS)), 'Empty if nothing was found.'),
    corrects: z.exactOptional(
      matching(
        reportIdPattern,
        'Id of the report that this one corrects, of the same class, session and day; it may come later. The original stays as it was.',
      ),
    ),
  }),
  'The morning or noon health check of one class. No names, no free text.',
);
export type CheckWire = z.infer<typeof checkSchema>;

export const checkContract: ReportContract<CheckWire, CheckReport> = {
  kind: 'check',
  schema: checkSchema,
  toReport: (wire) => ({
    ...toBase(wire),
    class: wire.class,
    session: wire.session,
    day: wire.day,
    present: wire.present,
    absent: wire.absent,
    checked: wire.checked,
    findings: wire.findings,
    ...(wire.corrects === undefined ? {} : { corrects: wire.corrects }),
  }),
};
