import * as z from 'zod';
import { linkChoices } from '../domain/delivery/delivery.ts';

/** Longest name and unit that a group's page takes. */
export const LONGEST_TYPED = 40;

/** What the page of an answer link posts. `name` and `unit` only where a group answers. */
export const linkForm = z.strictObject({
  choice: z.enum(linkChoices),
  name: z.string().min(1).max(LONGEST_TYPED).exactOptional(),
  unit: z.string().min(1).max(LONGEST_TYPED).exactOptional(),
});

/** `<lookup>.<mac>`: 8 and 12 bytes, base64url. */
export const linkTokenPattern = /^[A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]{16}$/;
