import type { BilingualName } from '../../domain/facility.ts';
import { subjectWords } from '../../domain/notices/subject-words.ts';
import type { Subject } from '../../domain/verdict.ts';

const both = (zh: string, en: string): BilingualName => ({ zh, en });

/** What stands before the slash of a subject: as notices call it, and what they name by a sentence of its own. */
const words: Readonly<Record<string, BilingualName>> = {
  ...subjectWords,
  area: both('区域', 'area'),
  duty: both('职责', 'duty'),
  signal: both('健康监测阈值', 'health threshold'),
  department: both('部门', 'department'),
  filed: both('备案事项', 'filed item'),
  division: both('行政区划', 'division'),
  registered: both('新登记', 'registered'),
  changed: both('登记事项变更', 'changed'),
  cancelled: both('注销', 'closed'),
};

/** What an incident is about, in words and with its id; a pack or a registry is not asked for names. */
export const subjectIn = (subject: Subject): BilingualName => {
  const [kind = '', ...rest] = subject.split('/');
  const known = words[kind];
  if (known === undefined) return both(subject, subject);
  const id = rest.join('/');
  return id === '' ? known : both(`${known.zh} ${id}`, `${known.en} ${id}`);
};
