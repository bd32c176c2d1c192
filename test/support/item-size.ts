/**
 * Bytes of an item as DynamoDB counts them: attribute names and texts in UTF-8, a number one byte per two digits and
 * one more, bytes their count, a list or map 3 and one per element, truth values 1.
 */
export const itemBytes = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value), 0);

const utf8 = (text: string): number => Buffer.byteLength(text, 'utf8');

const numberBytes = (value: number): number => {
  const digits = String(Math.abs(value)).replace(/[^0-9]/g, '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
};

const valueBytes = (value: unknown): number => {
  if (typeof value === 'string') return utf8(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + 1 + valueBytes(one), 3);
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return fields.reduce((sum, [name, field]) => sum + 1 + utf8(name) + valueBytes(field), 3);
  }
  return 1;
};
