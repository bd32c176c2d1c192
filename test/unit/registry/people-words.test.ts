import { describe, expect, it } from 'vitest';
import { departmentIn, numberIn, shiftsIn } from '../../../functions/registry/people-words.ts';

const all = [1, 2, 3, 4, 5, 6, 7];

describe('hours as people write them', () => {
  it.each([
    ['08:00-20:00', [all, '08:00', '20:00']],
    ['1-5 20:00-08:00', [[1, 2, 3, 4, 5], '20:00', '08:00']],
    ['1,3 , 5 8:00 - 9:30', [[1, 3, 5], '08:00', '09:30']],
    ['6-1 0:00-24:00', [[1, 6, 7], '00:00', '00:00']],
    ['7 22:00:00-06:00:00', [[7], '22:00', '06:00']],
    ['周一至周五 ８：００－２０：００', [[1, 2, 3, 4, 5], '08:00', '20:00']],
    ['星期六、星期日 09:00～17:00', [[6, 7], '09:00', '17:00']],
    ['周天 09:00至17:00', [[7], '09:00', '17:00']],
    ['每天 22:00-06:00', [all, '22:00', '06:00']],
    ['Daily 22:00-06:00', [all, '22:00', '06:00']],
  ] as const)('%s', (text, [weekdays, from, to]) => {
    expect(shiftsIn(text)).toEqual([{ weekdays, from, to }]);
  });

  it('several, with either semicolon', () => {
    expect(shiftsIn('1-5 08:00-20:00; 6 09:00-17:00；')).toHaveLength(2);
  });

  it.each([
    'x',
    '8-20',
    '0 08:00-20:00',
    '1-8 08:00-20:00',
    '1-5 08:00',
    '1-5 8:0-9:0',
    '1 2 08:00-20:00',
    '08:00-20:00-21:00x',
  ])('%s is not understood', (text) => {
    expect(shiftsIn(text)).toBeUndefined();
  });
});

describe('numbers and departments', () => {
  it('lose what people put between the digits, and get back what Excel took', () => {
    expect(numberIn(' 138 0000-0000 ')).toBe('13800000000');
    expect(numberIn('8613800000000')).toBe('+8613800000000');
    expect(numberIn('+86 138 0000 0000')).toBe('+8613800000000');
    expect(numberIn('０５２３－80000000')).toBe('0523-80000000');
    expect(numberIn('1.38E+10')).toBe('1.38E+10');
  });

  it('are known by their short names', () => {
    expect(departmentIn('公安')).toBe('police');
    expect(departmentIn(' Police ')).toBe('police');
    expect(departmentIn('机构')).toBe('facility');
    expect(departmentIn('constructor')).toBe('constructor');
  });
});
