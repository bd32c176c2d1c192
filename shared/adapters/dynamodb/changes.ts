/** The parts of an UpdateItem that set and remove whole attributes; every name is aliased, so none can be reserved. */
export interface Changes {
  readonly expression: string;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

const clause = (verb: string, parts: readonly string[]): string =>
  parts.length > 0 ? `${verb} ${parts.join(', ')}` : '';

/** `undefined` removes an attribute. `extra` are further `SET` parts, written out by the caller. */
export const changesOf = (attributes: Readonly<Record<string, unknown>>, extra: readonly string[] = []): Changes => {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const sets: string[] = [...extra];
  const removes: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    names[`#${name}`] = name;
    if (value === undefined) removes.push(`#${name}`);
    else {
      values[`:${name}`] = value;
      sets.push(`#${name} = :${name}`);
    }
  }
  return { expression: [clause('SET', sets), clause('REMOVE', removes)].join(' ').trim(), names, values };
};
