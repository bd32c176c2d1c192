import { describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import { capOf, capXml } from '../../shared/domain/notices/cap.ts';
import type { NoticeFacts } from '../../shared/domain/notices/notice-text.ts';
import { renderNotice } from '../../shared/domain/notices/render-notice.ts';
import { alarmKinds } from '../../shared/domain/reports.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { alarmed, factsOf, found, NOW_MS, recovered, sun } from '../support/sample-notices.ts';

const PERSON = 'https://login.example|Zhang-Wei-13800138000';
const NAME = '张伟';

/** The incident as people have handled it: whoever did something stands in every field that names who did it. */
const handled = (incident: Incident): Incident => ({
  ...incident,
  answeredBy: PERSON,
  answeredAtMs: NOW_MS,
  falseAlarm: { by: PERSON, atMs: NOW_MS, code: 'found-safe' },
  steps: [...incident.steps, { n: 99, atMs: NOW_MS, kind: 'answered', by: PERSON, reason: `answered by ${NAME}` }],
  closedAtMs: NOW_MS,
});

const every: readonly (readonly [string, Incident])[] = [
  ...alarmKinds.map((kind) => [kind, alarmed({ kind })] as const),
  ...ruleNames.map((rule) => [rule, found(rule, 'facility', 'no-beat')] as const),
  ...ruleNames.map((rule) => [`${rule} recovered`, recovered(found(rule, 'facility', 'no-beat'))] as const),
];

/** Everything that leaves with a notice, in every form. */
const everythingOf = (facts: NoticeFacts): string => {
  const notice = renderNotice(facts);
  return [JSON.stringify(notice), capXml(capOf(facts)), JSON.stringify(capOf(facts))].join('\n');
};

/** A Chinese mobile number, an identity number, a mailbox. */
const personal = [/(?<!\d)1[3-9]\d{9}(?!\d)/, /(?<!\d)\d{17}[\dXx](?!\d)/, /[\w.+-]+@[\w-]+\.\w+/];

describe('no notice names a person', () => {
  it.each(every)('%s', (name, incident) => {
    const all = factsOf(handled(incident)).map(everythingOf);
    // What waits for the daily digest was told to nobody within ten minutes, so that nobody hears that it is over.
    if (!name.endsWith('recovered')) expect(all.length).toBeGreaterThan(0);
    for (const said of all) {
      expect(said).not.toContain('Zhang');
      expect(said).not.toContain('login.example');
      expect(said).not.toContain(NAME);
      expect(said).not.toContain(sun.landline);
      // The report's own id is made of digits; what a box may call it is bounded by its contract.
      const bare = said.replaceAll('019cac2e-8b80-7000-8000-000000000001', '');
      for (const pattern of personal) expect(bare).not.toMatch(pattern);
    }
  });

  it('and this test would see one', () => {
    const [facts] = factsOf(alarmed(), { ...sun, address: `${NAME} 13800138000` });
    const said = everythingOf(facts as NoticeFacts);
    expect(said).toContain(NAME);
    expect(said).toMatch(personal[0] as RegExp);
  });
});
