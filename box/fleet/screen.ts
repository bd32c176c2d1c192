import type { AlarmNews } from '../client.ts';
import type { LaneEvent } from '../lane.ts';
import { DEMO_ZONE, type Nursery } from './nurseries.ts';

/** One line per event, Chinese and English. */
export interface Screen {
  readonly say: (nursery: Nursery | undefined, zh: string, en: string) => void;
  /** Shows what changed of a box's reports, not each report. */
  readonly follow: (nursery: Nursery) => (event: LaneEvent) => void;
}

const clockTime = new Intl.DateTimeFormat('en-GB', { timeZone: DEMO_ZONE, timeStyle: 'medium' });

const stateWords = {
  open: ['尚无人答复', 'not answered yet'],
  answered: ['已有人处理', 'somebody sees to it'],
  closed: ['已结束', 'closed'],
} as const;

/** Published is not told: the screen never says more than what is known. */
const newsOf = ({ state, published, delivered, seenBy }: AlarmNews): readonly [zh: string, en: string] => {
  const [zh, en] = stateWords[state];
  const seen = seenBy.map(({ department }) => department).join(', ');
  return [
    `报警：${zh}；已发布${published}个部门，送达${delivered}个${seen === '' ? '' : `，已知悉：${seen}`}`,
    `alarm: ${en}; published to ${published}, delivered to ${delivered}${seen === '' ? '' : `, seen by ${seen}`}`,
  ];
};

export const createScreen = (write: (line: string) => void): Screen => {
  const say: Screen['say'] = (nursery, zh, en) => {
    const who = nursery === undefined ? '车队 fleet' : `${nursery.name.zh} ${nursery.id}`;
    write(`${clockTime.format(Date.now())}  ${who} · ${zh} · ${en}`);
  };

  const follow: Screen['follow'] = (nursery) => {
    const troubled = new Set<string>();
    const notOnDisk = new Set<string>();
    const news = new Map<string, string>();
    let isConnected = false;
    return (event) => {
      switch (event.is) {
        case 'answered':
          if (troubled.delete(event.stream)) say(nursery, '恢复上报', `${event.stream} are answered again`);
          if (!isConnected) say(nursery, '已连接', 'connected');
          isConnected = true;
          return;
        case 'waiting':
          if (!troubled.has(event.stream)) say(nursery, '暂存待发', `${event.stream} wait: ${event.why}`);
          troubled.add(event.stream);
          return;
        case 'parked':
          say(nursery, '被拒，已搁置', `${event.stream} ${event.id} was refused for good: ${event.reason}`);
          return;
        case 'alarm-news':
          for (const alarm of event.alarms) {
            if (news.get(alarm.id) !== JSON.stringify(alarm)) say(nursery, ...newsOf(alarm));
            news.set(alarm.id, JSON.stringify(alarm));
          }
          return;
        case 'not-on-disk':
          if (!notOnDisk.has(event.stream)) say(nursery, '磁盘写不进', `${event.stream} are not on disk: ${event.why}`);
          notOnDisk.add(event.stream);
          return;
        case 'superseded':
          say(nursery, '序号已续', `${event.stream} go on above ${event.lastSeq}`);
      }
    };
  };
  return { say, follow };
};
