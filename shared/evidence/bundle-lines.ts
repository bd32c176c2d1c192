import { daysBetween } from '../domain/civil-day.ts';
import type { BilingualName } from '../domain/facility.ts';
import type { BundleEvidence } from './bundle-evidence.ts';
import type { ProvedRecord } from './bundle-records.ts';
import { type LeafState, leafStateWords } from './leaf.ts';

/*
 * What a verified bundle rests on, in words: the log, its statements and its records. What they say of recordings is told
 * in verify-bundle.ts.
 */

const statementLine = ({ statements, last }: BundleEvidence): BilingualName =>
  statements.length === 1
    ? {
        zh: `${last.day} 的每日声明在此，未被改写。`,
        en: `The daily statement of ${last.day} is here and was not rewritten.`,
      }
    : {
        zh: `从 ${statements[0]?.day} 到 ${last.day} 的 ${statements.length} 份每日声明齐全，逐日相连，未被改写。`,
        en: `All ${statements.length} daily statements from ${statements[0]?.day} to ${last.day} are here, each continues the one before it, and none was rewritten.`,
      };

/** Between which instants anything was stated, and by what to tell the statement that answers from any other. */
const instantLines = ({ statements: [first], last, lastAddress }: BundleEvidence): readonly BilingualName[] => [
  {
    zh: `证据所依据的时刻：最早的声明为 ${first?.day}（截至 ${first?.window.to}），最新的声明为 ${last.day}（截至 ${last.window.to}）。`,
    en: `The evidence rests on these instants: the oldest statement is of ${first?.day} (as of ${first?.window.to}), the newest of ${last.day} (as of ${last.window.to}).`,
  },
  {
    zh: `${last.day} 的声明地址（SHA-256），可与打印的同日报告中的“当日声明”核对：sha256:${lastAddress}`,
    en: `The address of the statement of ${last.day} (SHA-256), to compare with the statement that the printed report of that day names: sha256:${lastAddress}`,
  },
];

/** Whose log it is, that it only grew, and up to when it speaks. */
export const logLines = (evidence: BundleEvidence): readonly BilingualName[] => {
  const { head, last, pinned, earlierCheckpoints } = evidence;
  return [
    {
      zh: `机构 ${last.facility} 的日志（${head.origin}，共 ${head.size} 份声明）由${pinned ? '您所信任的' : '本文件自带的'}密钥签名。`,
      en: `The log of ${last.facility} (${head.origin}, ${head.size} statements) is signed by a key that ${pinned ? 'you trust' : 'this file brings itself'}.`,
    },
    statementLine(evidence),
    ...instantLines(evidence),
    ...(earlierCheckpoints === 0
      ? []
      : [
          {
            zh: `日志是此前 ${earlierCheckpoints} 个检查点的延续，没有分叉。`,
            en: `Earlier checkpoints that the log continues: ${earlierCheckpoints}. It was not forked.`,
          },
        ]),
    {
      zh: `按规则包 ${last.pack.id}（摘要 ${last.pack.digest}）判定，截至 ${last.day} 结束时。`,
      en: `Judged by the pack ${last.pack.id} (digest ${last.pack.digest}), as of the end of ${last.day}.`,
    },
  ];
};

/** That the log of the region holds the checkpoint, if it was brought. */
export const regionLines = ({ region, head }: BundleEvidence): readonly BilingualName[] =>
  region === undefined
    ? []
    : [
        {
          zh: `该日志的检查点（${head.size}）在地区日志 ${region.origin} 中。`,
          en: `The checkpoint of the log (${head.size}) is in the log of its region, ${region.origin}.`,
        },
      ];

interface DayRun {
  readonly from: string;
  readonly to: string;
}

/** Consecutive days together, the oldest first. */
const runsOf = (days: readonly string[]): readonly DayRun[] => {
  const runs: DayRun[] = [];
  for (const day of [...days].sort()) {
    const last = runs.at(-1);
    if (last !== undefined && daysBetween(last.to, day) === 1) runs[runs.length - 1] = { from: last.from, to: day };
    else runs.push({ from: day, to: day });
  }
  return runs;
};

const wholeLine = ({ from, to }: DayRun): BilingualName => {
  if (from === to) {
    return {
      zh: `${to} 收到的全部记录都在此，一条不少。`,
      en: `Every record received on ${to} is here, none is missing.`,
    };
  }
  const count = daysBetween(from, to) + 1;
  return {
    zh: `${from} 至 ${to}（${count} 天）收到的全部记录都在此，一条不少。`,
    en: `${from} to ${to} (${count} days): every record received is here, none is missing.`,
  };
};

/** How many of the records that can be read each box signed, by the key that it signed with. */
const signedLines = (records: readonly ProvedRecord[]): readonly BilingualName[] => {
  const counts = new Map<string, number>();
  for (const { signedBy } of records) {
    if (signedBy === undefined) continue;
    const name = `${signedBy.box} ${signedBy.key}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort().map(([name, count]) => ({
    zh: `由监控主机自己签名、签名已核验的记录 ${count} 条；监控主机及其公钥（请与该主机所示的公钥核对）：${name}`,
    en: `Records that the box itself signed, of which the signature was verified: ${count}. The box and its public key, to compare with the key that the box shows: ${name}`,
  }));
};

/** Challenges, orders to keep, objections: nobody's word but ours, as it stood when its day was sealed. */
const ownLines = (records: readonly ProvedRecord[]): readonly BilingualName[] => {
  const count = records.filter(({ opened, signedBy }) => opened.state === 'readable' && signedBy === undefined).length;
  return count === 0
    ? []
    : [
        {
          zh: `平台自身的记录 ${count} 条（抽查、留存指令、异议等），没有监控主机的签名。`,
          en: `Records of the platform itself, such as challenges, orders to keep and objections, which no box signed: ${count}.`,
        },
      ];
};

/** What was received, by what can still be read of it, and the days of which nothing is left out. */
export const recordLines = (
  records: readonly ProvedRecord[],
  wholeDays: readonly string[],
): readonly BilingualName[] => {
  const states = (Object.keys(leafStateWords) as LeafState[]).flatMap((state) => {
    const count = records.filter(({ opened }) => opened.state === state).length;
    return count === 0
      ? []
      : [{ zh: `记录 ${count} 条：${leafStateWords[state].zh}`, en: `Records: ${count}. ${leafStateWords[state].en}` }];
  });
  return [...states, ...signedLines(records), ...ownLines(records), ...runsOf(wholeDays).map(wholeLine)];
};
