import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a file by a rename: killed at any moment, or its power cut, the old text or the new one is there. Throws if the
 * disk does not take it, and then the old one stands.
 */
export const putInPlace = (path: string, text: string): void => {
  const draft = `${path}.draft`;
  const target = openSync(draft, 'w', 0o600);
  try {
    writeAll(target, text);
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
};

/** For what this run knows anyway: a disk that takes nothing costs it at the next start only, and stops no box. */
export const noteInPlace = (path: string, text: string): void => {
  try {
    putInPlace(path, text);
  } catch {}
};

export const writeAll = (file: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
};

/** A rename is on disk only when its folder is. Windows cannot open a folder, and does not need it. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
};
