import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, type JsonObject } from './template.ts';

/** The texts of a file by name; none if there is no file. */
export const readTexts = (file: string): Record<string, string> => {
  if (!existsSync(file)) return {};
  const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const entries = Object.entries(isObject(found) ? found : ({} as JsonObject));
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
};

/** For its owner's eyes only, and never half written. */
export const writeTexts = (file: string, texts: Readonly<Record<string, string>>): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(texts, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
