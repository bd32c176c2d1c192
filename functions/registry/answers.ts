import type { ChangeView } from '../../shared/contracts/registry.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Change } from '../../shared/ports/registry-store.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const done: Answer = { status: 204 };

export const pageOf = <T, V>(
  { items, cursor }: { readonly items: readonly T[]; readonly cursor?: string },
  view: (item: T) => V,
): Answer => ok({ items: items.map(view), ...(cursor !== undefined && { cursor }) });

export const changeViewOf = ({ atMs, ...rest }: Change): ChangeView => ({ ...rest, at: writeInstant(atMs) });
