import type { LinkChoice } from '../../../shared/domain/delivery/delivery.ts';
import type { BilingualName } from '../../../shared/domain/facility.ts';

/** Both languages of one thing said, Chinese first. Short words: they are read at three in the morning. */
export type Said = BilingualName;

export const both = (zh: string, en: string): Said => ({ zh, en });

export const choiceWords: Readonly<Record<LinkChoice, Said>> = {
  take: both('我来处理', 'I see to it'),
  'pass-on': both('我无法处理，请通知下一位', 'I cannot – tell the next'),
  seen: both('已知悉', 'Noted'),
};

export const testWords = both('收到了', 'I got it');

/** The whole page where there is nothing to answer. */
export const pageWords = {
  unknown: both('这个链接无效', 'This link is not valid'),
  unknownMore: both(
    '它不是本平台发出的，或者没有复制完整。请打开原消息，重新点击完整的链接。情况紧急时请直接拨打110、119或120。',
    'We did not make it, or a part of it is missing. Open the message again and press the whole link. If it is urgent, call 110, 119 or 120 now.',
  ),
  expired: both('这个链接已过期', 'This link has expired'),
  expiredMore: both(
    '链接只在24小时内有效，所以没有记录任何答复。事件若仍未结束，请用新消息里的链接，或到值班台答复。',
    'A link is good for 24 hours, so nothing was recorded. If it is still going on, use the link of a newer message, or answer at the desk.',
  ),
  used: both('这个链接已经用过了', 'This link was used already'),
  usedMore: both(
    '每个链接只能答复一次，先前的答复仍然有效，这次没有改变任何内容。要更改，请到值班台，或用下一条消息里的链接。',
    'Each link answers once; what was said before stands, and nothing was changed now. To change it, go to the desk or use the link of the next message.',
  ),
  unfinished: both('请再按一次', 'Please press once more'),
  unfinishedMore: both(
    '您的选择已收到，但由于我们的故障还没有完全保存。再按一次即可完成。',
    'Your choice arrived, but for a fault of ours not all of it is kept yet. Press once more to finish.',
  ),
  closed: both('这件事已经结束', 'This is over'),
  closedMore: both(
    '已不需要有人处理。您的选择没有记录。',
    'Nobody needs to see to it any more. Your choice was not recorded.',
  ),
  done: both('已记录，谢谢', 'Recorded, thank you'),
  test: both('通知测试', 'A test of how we reach you'),
  testMore: both(
    '没有发生任何事情。请按下面的按钮，证明通知能送到您这里。',
    'Nothing has happened. Press the button to show that notices reach you.',
  ),
  testDone: both('测试成功，通知能送到您这里。', 'The test worked: notices reach you.'),
  trouble: both('暂时没有保存成功', 'It was not saved just now'),
  troubleMore: both(
    '是我们这边的问题，没有丢失任何内容。请等几秒，返回上一页再按一次。情况紧急时请直接拨打110、119或120。',
    'The fault is ours and nothing is lost. Wait a few seconds, go back and press again. If it is urgent, call 110, 119 or 120 now.',
  ),
  wrong: both('这次没有记录', 'Nothing was recorded'),
  wrongMore: both(
    '浏览器发来的内容不完整。请重新打开链接再按一次。',
    'What your browser sent was not complete. Open the link again and press once more.',
  ),
} as const;

/** Said after a recorded choice, when the incident is as it is after it. */
export const afterWords = {
  taken: both(
    '您已接手处理。处理完后请到值班台结束事件。',
    'You see to it now. When it is done, close it at the desk.',
  ),
  takenByOther: both(
    '已有人先接手。请与其联系，或等待下一步通知。',
    'Somebody else was first. Speak with them, or wait for the next notice.',
  ),
  ranOut: both(
    '您的答复已经到期，目前没有人在处理。请用新消息里的链接再次答复。',
    'Your answer has run out, and nobody sees to it now. Answer again by the link of the newer message.',
  ),
  closedMeanwhile: both('事件刚刚已经结束，无需再处理。', 'It was closed in the meantime: nothing is left to do.'),
  noted: both(
    '已记录您已知悉。通知仍会按规定继续发给负责处理的部门。',
    'It is recorded that you know. Those who must act are still told as before.',
  ),
  passedOn: both(
    '已通知下一位。如果您之后可以处理，请用下一条消息里的链接。',
    'The next one is told. Should you be able to after all, use the link of the next message.',
  ),
} as const;

export const formWords = {
  who: both('本消息发给多人，请填写由谁答复', 'This message went to several people: say who answers'),
  name: both('姓名', 'Name'),
  unit: both('单位或岗位', 'Unit'),
  kept: both(
    '姓名只随这次答复保存，不会出现在通知里。',
    'The name is kept with this answer only, and is in no notice.',
  ),
  missing: both('请填写', 'Please fill this in'),
  tooLong: both('请不要超过40个字', 'At most 40 characters, please'),
  mend: both(
    '还没有记录。请补充下面标出的内容，再按一次。',
    'Nothing is recorded yet. Fill in what is marked below and press again.',
  ),
} as const;

export const stateWords = {
  open: both('目前尚无人答复', 'Nobody has answered yet'),
  atDesk: both('值班台的一名工作人员', 'an officer at the desk'),
  somebody: both('一名值班人员', 'somebody on duty'),
  you: both('您', 'you'),
} as const;
