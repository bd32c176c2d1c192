import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelMessage } from '../../../shared/domain/delivery/channel.ts';
import { LONGEST_VARIABLE, templateWords } from '../../../shared/domain/delivery/template-words.ts';
import { alarmWords, noticeKindWords, ruleWords } from '../../../shared/domain/notices/notice-words.ts';

const message = (data: Readonly<Record<string, unknown>>, drill = false): ChannelMessage => ({
  id: 'n',
  lane: 'life-safety',
  drill,
  subjectLine: 's',
  text: '不应出现的文字',
  shortText: '不应出现的文字',
  data,
});
const place = { name: { zh: '小太阳托育园', en: 'Sunflower' }, address: { zh: '幸福路1号', en: '1 Happiness Road' } };

describe('the variables of a template', () => {
  it('say what and where, in words that were written beforehand', () => {
    expect(templateWords(message({ kind: 'opened', about: 'fire', place }))).toEqual({
      what: '火灾或烟雾报警',
      place: '小太阳托育园',
    });
  });

  it('say that it is over, or a drill', () => {
    expect(templateWords(message({ kind: 'recovered', about: 'connected', place })).what).toBe(
      '已恢复 已登记机构未接入监测',
    );
    expect(templateWords(message({ kind: 'opened', about: 'fire', place }, true)).what).toBe('演练 火灾或烟雾报警');
  });

  it('hold no text that somebody typed, and no name that is not registered', () => {
    expect(templateWords(message({ about: 'call 13812345678', note: '孩子的名字' }))).toEqual({
      what: '平台通知',
      place: '本辖区',
    });
    expect(templateWords(message({ about: 'toString', kind: 'constructor' })).what).toBe('平台通知');
  });

  it('name a facility that the registry does not know by its code', () => {
    expect(templateWords(message({ about: 'fire', facility: 'sun-flower' })).place).toBe('编号 sun flower');
    expect(templateWords(message({ about: 'storm', division: '321202' })).place).toBe('行政区 321202');
  });

  it('fit for every alarm, rule and kind, drill or not, without a sign that a filter or a voice refuses', () => {
    for (const about of [...Object.keys(alarmWords), ...Object.keys(ruleWords), 'storm']) {
      for (const kind of Object.keys(noticeKindWords)) {
        const { what } = templateWords(message({ about, kind, place }, true));
        expect(what).toMatch(/^演练 [\p{Script=Han}A-Za-z0-9 ]+$/u);
        expect(what.length).toBeLessThanOrEqual(LONGEST_VARIABLE);
      }
    }
  });

  it('fit whatever a facility is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (zh) => {
        const words = templateWords(message({ about: 'fire', place: { name: { zh, en: 'x' } } }));
        return /^[\p{Script=Han}A-Za-z0-9 ]{1,35}$/u.test(words.place);
      }),
    );
  });
});
