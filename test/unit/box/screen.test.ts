import { expect, it } from 'vitest';
import type { AlarmNews } from '../../../box/client.ts';
import { nurseries } from '../../../box/fleet/nurseries.ts';
import { createScreen } from '../../../box/fleet/screen.ts';

it('the screen of a box says what became of its alarm, once for each change and never more than is known', () => {
  const lines: string[] = [];
  const nursery = nurseries[0];
  if (nursery === undefined) throw new Error('no nursery');
  const show = createScreen((line) => lines.push(line)).follow(nursery);
  const rung: AlarmNews = { id: 'a', state: 'open', published: 5, delivered: 0, seenBy: [] };
  const seen: AlarmNews = { ...rung, state: 'answered', delivered: 4, seenBy: [{ department: 'police', at: 'now' }] };
  for (const alarms of [[rung], [rung], [seen], [seen]]) show({ is: 'alarm-news', alarms });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /尚无人答复；已发布5个部门，送达0个 · alarm: not answered yet; published to 5, delivered to 0$/,
  );
  for (let beat = 0; beat < 2; beat += 1) show({ is: 'not-on-disk', stream: 'heartbeats', why: 'ENOSPC' });
  expect(lines.slice(2)).toEqual([expect.stringContaining('heartbeats are not on disk: ENOSPC')]);
  expect(lines[1]).toMatch(/已有人处理；.*已知悉：police · alarm: somebody sees to it; .* seen by police$/);
});
