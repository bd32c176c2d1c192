import type { BilingualName } from '../facility.ts';
import type { CloseReason, SweepCloseReason } from '../incident.ts';

const both = (zh: string, en: string): BilingualName => ({ zh, en });

/** Why an incident was closed, by a person or by the sweep. */
const words: Readonly<Record<CloseReason | SweepCloseReason, BilingualName>> = {
  handled: both('已处理', 'handled'),
  'false-alarm': both('误报', 'false alarm'),
  drill: both('演练', 'a drill'),
  duplicate: both('重复事件', 'a duplicate'),
  referred: both('已移交', 'referred to another authority'),
  'not-reproducible': both('无法复现', 'could not be reproduced'),
  'met-again': both('已恢复正常', 'it is well again'),
  'not-applicable': both('已不再适用', 'it no longer applies'),
  'ended-before-seen': both('已自行恢复', 'it had ended by itself'),
  'told-only': both('仅供知悉', 'for information only'),
  'drill-over': both('演练结束', 'the drill is over'),
  'test-over': both('测试完成', 'the test is over'),
  'storm-over': both('成批失联已恢复', 'most boxes are back'),
};

/** A reason of a later version stands as it is. */
export const closeReasonIn = (reason: string): BilingualName =>
  (words as Readonly<Record<string, BilingualName>>)[reason] ?? both(reason, reason);
