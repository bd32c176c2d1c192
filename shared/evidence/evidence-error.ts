import { CradlewatchError } from '../domain/errors.ts';

/** Why evidence is refused, in the two languages of the product. The detail is in the message of the error. */
const words = {
  'changed-byte': {
    en: 'What is shown is not what was sealed: at least one byte was changed.',
    zh: '所示内容与封存内容不一致：至少有一个字节被改动。',
  },
  'dropped-leaf': {
    en: 'Something sealed is missing: less is shown than was counted when it was sealed.',
    zh: '缺少已封存的内容：现有数量少于封存时的数量。',
  },
  'added-leaf': {
    en: 'Something was slipped in: more is shown than was counted when it was sealed.',
    zh: '混入了未封存的内容：现有数量多于封存时的数量。',
  },
  'rewritten-day': {
    en: 'The log of today does not continue the log of then: a sealed day was rewritten, or the proof was changed.',
    zh: '现在的日志并非由原日志续写而成：已封存的日期被改写，或证明被改动。',
  },
  'forked-log': {
    en: 'The log tells two stories: it has two different trees of the same size.',
    zh: '日志出现分叉：同一大小却有两棵不同的树。',
  },
  'forged-tree': {
    en: 'The tree is forged: it was made to look shorter or longer than the one that was sealed.',
    zh: '树系伪造：其大小被伪装得比封存时更小或更大。',
  },
  'forged-record': {
    en: 'A record is shown as what a box said, and that box did not sign it.',
    zh: '某条记录被说成由监控主机发出，而该监控主机并未签名。',
  },
  'wrong-origin': {
    en: 'This comes from another log than the one that was asked about.',
    zh: '此内容来自另一份日志，而非所查询的日志。',
  },
  'wrong-key': {
    en: 'None of the keys that you trust has signed this.',
    zh: '您所信任的密钥均未对此签名。',
  },
  unwitnessed: {
    en: 'The log of its region does not have this log: nobody else could show which of two stories was first.',
    zh: '地区日志中没有此日志：倘若被改写，将无第三方可证明孰先孰后。',
  },
  malformed: {
    en: 'This cannot be read as evidence: it does not have the form that it should have.',
    zh: '无法作为证据读取：格式不符合规定。',
  },
} as const;

/** Stable: on the verifier's screen, in metrics and in the runbook. */
export type EvidenceCode = keyof typeof words;

/** Every code, in the order in which the documents list them. Marked pure: a bundle that refuses nothing leaves the words out. */
export const evidenceCodes = /* @__PURE__ */ Object.keys(words) as readonly EvidenceCode[];

/**
 * Evidence that proves nothing, or proves that somebody changed it. Thrown and never returned, so that no caller can
 * forget to look. Trying again does not help: the same bytes are refused forever.
 */
export class EvidenceError extends CradlewatchError {
  override readonly name = 'EvidenceError';
  readonly code: EvidenceCode;
  readonly retryable = false;
  /** For people who do not read proofs: what this code says, whatever the detail. */
  readonly words: { readonly en: string; readonly zh: string };

  constructor(code: EvidenceCode, detail: string) {
    super(detail);
    this.code = code;
    this.words = words[code];
  }
}

const MOST_QUOTED = 120;

/** Text of a stranger, as part of a message: short, and without what a terminal or a page would act on. */
export const quoted = (text: string): string => {
  const plain = text.replaceAll(/\p{C}/gu, '?');
  return plain.length > MOST_QUOTED ? `${plain.slice(0, MOST_QUOTED)}…` : plain;
};
