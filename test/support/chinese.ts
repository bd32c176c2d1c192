const beside = /\p{Script=Han} ?[,:;()?!]|[,:;()?!] ?\p{Script=Han}/u;

/** The lines in which a half-width mark stands beside a Chinese character. */
export const halfWidthIn = (text: string): readonly string[] => text.split('\n').filter((line) => beside.test(line));
