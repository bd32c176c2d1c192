import { describe, expect, it } from 'vitest';
import { cutTo } from '../../shared/domain/graphemes.ts';
import { openAlarm } from '../../shared/domain/incidents/open.ts';
import { capXml } from '../../shared/domain/notices/cap.ts';
import type { Notice } from '../../shared/domain/notices/notice.ts';
import { reasonWords } from '../../shared/domain/notices/notice-words.ts';
import { renderNotice } from '../../shared/domain/notices/render-notice.ts';
import { alarmKinds, type BoxAlarmKind } from '../../shared/domain/reports.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import {
  alarmed,
  demo,
  found,
  NOW_MS,
  national,
  noticesOf,
  noticeTo,
  recovered,
  sun,
} from '../support/sample-notices.ts';

/** Without the texts inside the data: they stand above it. */
const golden = (notice: Notice): string => {
  const { texts: _, ...data } = notice.data;
  return `${notice.subjectLine}\n\n${notice.shortText}\n\n${notice.text}\n${JSON.stringify(data, null, 2)}\n`;
};

describe('a notice reads', () => {
  it.each([
    ['panic-police', () => noticeTo('police', alarmed())],
    ['panic-facility', () => noticeTo('facility', alarmed())],
    ['panic-drill-flag', () => noticeTo('police', alarmed({ drill: true }))],
    [
      'panic-unknown-facility',
      () => {
        const incident = openAlarm(
          { id: 'id', timeMs: 0, kind: 'panic', confirmed: 'unknown', drill: false },
          'digest',
          { facilityId: 'lost', box: 'b1', key: 'key', createdMs: NOW_MS, receivedMs: NOW_MS },
          undefined,
          national,
        );
        const [pending] = incident.outbox;
        if (pending === undefined) throw new Error('nothing owed');
        return renderNotice({ incident, pending, facility: undefined, pack: national });
      },
    ],
    ['fire-unconfirmed', () => noticeTo('fire', alarmed({ kind: 'fire', confirmed: 'no' }))],
    ['fire-copy', () => noticeTo('district_gov', alarmed({ kind: 'fire', confirmed: 'yes' }))],
    ['abuse-police', () => noticeTo('police', alarmed({ kind: 'abuse' }))],
    ['medical-facility', () => noticeTo('facility', alarmed({ kind: 'medical', ageMs: 90_000 }))],
    ['test-facility', () => noticeTo('facility', alarmed({ kind: 'test' }))],
    ['silence-facility', () => noticeTo('facility', found('monitoring-running', 'box/b1', 'no-beat'))],
    ['silence-recovered', () => noticeTo('facility', recovered(found('monitoring-running', 'box/b1', 'no-beat')))],
    [
      'blind-area-demo',
      () => noticeTo('facility', found('area-covered', 'area/play', 'no-usable-camera', demo), sun, demo),
    ],
    ['retention-short', () => noticeTo('facility', found('retention-held', 'camera/c1', 'recorder-keeps-less'))],
    ['noon-check', () => noticeTo('facility', found('noon-check', 'class/small', 'no-check-logged'))],
  ])('%s', async (name, make) => {
    await expect(golden(make())).toMatchFileSnapshot(`../../docs/notices/${name}.txt`);
  });
  it('panic-police as CAP 1.2', async () => {
    const { cap } = noticeTo('police', alarmed());
    await expect(capXml(cap).replaceAll('><', '>\n<')).toMatchFileSnapshot('../../docs/notices/panic-police.cap.xml');
  });
});

describe('every notice', () => {
  const every = [
    ...alarmKinds.map((kind) => [kind, alarmed({ kind })] as const),
    ...ruleNames.map((rule) => [rule, found(rule, 'facility', 'no-beat')] as const),
    ...ruleNames.map((rule) => [`${rule} recovered`, recovered(found(rule, 'facility', 'no-beat'))] as const),
  ];

  it.each(every)('%s: has a short text of at most 70 characters and an ASCII subject of at most 100', (_, incident) => {
    for (const { shortText, subjectLine } of noticesOf(incident)) {
      expect(shortText.length).toBeGreaterThan(8);
      expect(shortText.length).toBeLessThanOrEqual(70);
      expect(subjectLine).toMatch(/^[\x20-\x7e]{1,100}$/);
    }
  });

  it.each(every)('%s: says both languages in the order of the design', (_, incident) => {
    for (const { text } of noticesOf(incident)) {
      const [zh = '', en = ''] = text.split('\n\n');
      const inOrder = (said: string, marks: readonly RegExp[]) => {
        const places = marks.map((mark) => said.search(mark));
        expect(places.every((place) => place >= 0)).toBe(true);
        expect(places).toEqual([...places].sort((a, b) => a - b));
      };
      inOrder(zh, [/地点：/, /(起始|时间)：/, /已知：/, /处置：/, /同时通知：/, /答复：/, /通知依据：/, /事件编号：/]);
      inOrder(en, [/Where:/, /Since:/, /Known:/, /Do( now)?:/, /Also told:/, /Answer/, /Told by:/, /Incident:/]);
    }
  });

  it('puts the children first in every alarm that calls for action at the site', () => {
    for (const kind of alarmKinds.filter((one) => one !== 'test')) {
      for (const { text } of noticesOf(alarmed({ kind }))) expect(text).toMatch(/婴幼儿|患儿/);
    }
  });

  it.each([
    ['panic', '110'],
    ['intrusion', '110'],
    ['missing-child', '110'],
    ['fire', '119'],
    ['gas', '119'],
    ['medical', '120'],
    ['food-poisoning', '120'],
  ] as const)('%s says to call %s, which the platform does not do', (kind: BoxAlarmKind, number) => {
    for (const { text } of noticesOf(alarmed({ kind }))) {
      expect(text).toContain(`立即拨打${number}（本平台不代拨）`);
      expect(text).toContain(`call ${number} now (this platform dials nobody)`);
    }
  });

  it('never says that an unconfirmed fire is one', () => {
    for (const confirmed of ['no', 'unknown'] as const) {
      for (const { text, shortText } of noticesOf(alarmed({ kind: 'fire', confirmed }))) {
        expect(text).toContain('未经现场确认');
        expect(text).toContain('UNCONFIRMED');
        expect(shortText).toContain('未经现场确认');
      }
    }
    expect(noticeTo('fire', alarmed({ kind: 'fire', confirmed: 'yes' })).text).not.toContain('UNCONFIRMED');
  });

  it('says plainly what is only configuration or only a fallback', () => {
    expect(noticeTo('facility', alarmed({ kind: 'test' })).text).toContain('本系统配置，非法规要求');
    expect(noticeTo('health', alarmed({}, sun, national), sun, national).text).toContain('按属地牵头部门通知');
    expect(noticeTo('facility', found('noon-check', 'class/small', 'late', demo), sun, demo).text).toContain('演示');
  });

  it('knows the words of every reason that a rule gives', () => {
    const given = ['no-beat', 'box-says-down', 'never-connected', 'box-does-not-know', 'box-silent'];
    given.push('self-test-overdue', 'no-self-test-shown', 'no-usable-camera', 'no-camera', 'never-covered');
    given.push('camera-unknown', 'coverage-overdue', 'contradicts-itself', 'recorder-keeps-less', 'time-missing');
    given.push('depth-unknown', 'never-reported', 'no-report', 'too-many-findings', 'no-check-logged');
    given.push('reports-unfiled', 'film-differs', 'film-not-found', 'challenge-unanswered', 'recorder-always-busy');
    given.push('too-few-sealed', 'token-refused', 'recorder-busy', 'nothing-shown', 'not-drawn');
    expect(given.filter((reason) => reasonWords[reason] === undefined)).toEqual([]);
  });
});

describe('a text that is too long', () => {
  it('is cut at a whole character as a reader sees it', () => {
    const family = '👨‍👩‍👧';
    expect(cutTo(`托育${family}园`, 11)).toBe(`托育${family}园`);
    expect(cutTo(`托育${family}园地`, 11)).toBe(`托育${family}…`);
    expect(cutTo(`托育${family}园地`, 10)).toBe('托育…');
  });

  it('keeps what to do, however long the name of the nursery is', () => {
    const long = { ...sun, name: { zh: '很'.repeat(80), en: 'x' } };
    const { shortText } = noticeTo('police', alarmed({}, long), long);
    expect(shortText.length).toBeLessThanOrEqual(70);
    expect(shortText).toMatch(/^【紧急】一键紧急报警.*…。先保障婴幼儿，立即拨打110$/);
  });
});
