export { inParallel } from '../../shared/use-cases/in-parallel.ts';
