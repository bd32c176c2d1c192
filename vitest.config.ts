import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const excluded = [...configDefaults.exclude, 'test/**/*.long.test.ts'];

/** What a file changes for whoever comes after it in the same process: modules, clients of AWS, globals, the environment. */
const leavesTraces =
  /\bvi\.(mock|doMock|useFakeTimers|stubGlobal|stubEnv)\(|\bmockClient\(|\.prototype\b|process\.(chdir\(|env\.\w+ = )/;

/**
 * Files that share their processes, so that a module is loaded once for all of them. The others start stacks and engines,
 * or leave traces: each of them has a process of its own.
 */
const inProcess = ['unit', 'scenario', 'contract', 'infra']
  .flatMap((folder) =>
    readdirSync(join(import.meta.dirname, 'test', folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `test/${folder}/${file.replaceAll('\\', '/')}`,
    ),
  )
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => !leavesTraces.test(readFileSync(join(import.meta.dirname, file), 'utf8')));

/**
 * The longest files, the longest first. A file is never shared among workers: one of these begun last would leave all
 * cores but one idle until its end, and on a fresh checkout nobody knows yet how long a file takes.
 */
const longest = [
  'test/e2e/kill.test.ts',
  'test/e2e/people.test.ts',
  'test/e2e/rights.test.ts',
  'test/page/answer-page.test.ts',
  'test/e2e/audit.test.ts',
  'test/local/event-sources.test.ts',
  'test/local/start.test.ts',
  'test/e2e/fast-path.test.ts',
  'test/e2e/whole-path.test.ts',
  'test/local/data.test.ts',
  'test/local/kept-data.test.ts',
  'test/local/functions.test.ts',
  'test/scenario/storm.test.ts',
  'test/infra/checks.test.ts',
  'test/scenario/sns-down.test.ts',
  'test/infra/bundle.test.ts',
  'test/unit/camera-days-property.test.ts',
  'test/unit/bad-input.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const place = longest.indexOf(relative(import.meta.dirname, moduleId).replaceAll('\\', '/'));
      return place < 0 ? longest.length : place;
    };
    // Those with a process of their own come first, as they do by default: the others then share what is left.
    const groupOf = ({ project }: TestSpecification): number => (project.config.isolate ? 0 : 1);
    const usual = await super.sort(files);
    return usual.toSorted((one, other) => groupOf(one) - groupOf(other) || rankOf(one) - rankOf(other));
  }
}

export default defineConfig({
  test: {
    // Much of the time is spent waiting for the stacks that tests start: as many files at once as there are cores.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'in-process', include: inProcess, exclude: excluded, isolate: false } },
      { extends: true, test: { name: 'stacks', include: ['test/**/*.test.ts'], exclude: [...excluded, ...inProcess] } },
    ],
  },
});
