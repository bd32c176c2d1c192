import type { BilingualName } from '../facility.ts';
import type { Incident } from '../incident.ts';
import { alarmWords, ruleWords, stormWords } from './notice-words.ts';
import { registrationWords } from './registration-words.ts';

/** What happened, in both languages. */
export const titleOf = ({
  rule,
  alarm,
  registration,
}: Pick<Incident, 'rule' | 'alarm' | 'registration'>): BilingualName => {
  if (rule === 'registration') return registrationWords[registration?.event ?? 'changed'];
  if (rule === 'storm') return stormWords;
  if (rule !== 'alarm') return ruleWords[rule];
  return alarm === undefined ? { zh: '报警', en: 'alarm' } : alarmWords[alarm.kind];
};
