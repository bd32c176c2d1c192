import { assembleStack } from '../../infra/local/assembly.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../infra/local/stack.ts';

/**
 * The synthesized stack in memory, for tests that drive it by its public API. The assembly is made once for the present
 * sources and found again by every later test; rules fire by `fire` only, and `clock` makes time movable.
 */
export const startTestStack = async (options: Partial<LocalStackOptions> = {}): Promise<LocalStack> =>
  startLocalStack({ ...(await assembleStack()), schedules: 'by-hand', ...options });
