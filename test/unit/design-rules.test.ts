import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { functionSpecs } from '../../infra/functions.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const skipped = new Set(['node_modules', 'cdk.out', 'dist', 'coverage']);

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return /\.(ts|tsx|mts)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const withoutComments = (code: string): string =>
  code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');

const statement = /\b(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/g;
const dynamic = /\b(?:import|require|require\.resolve)\s*\(\s*['"]([^'"]+)['"]/g;

/** Every module that a file names: static, re-exported and dynamic. */
const importsOf = (code: string): readonly Import[] => {
  const bare = withoutComments(code);
  return [
    ...[...bare.matchAll(statement)].map((match) => ({ specifier: match[3] ?? '', typeOnly: match[2] !== undefined })),
    ...[...bare.matchAll(dynamic)].map((match) => ({ specifier: match[1] ?? '', typeOnly: false })),
  ];
};

/** A path of ours, or the name of a package (`aws-cdk-lib`, `@aws-sdk/client-sns`, `node:fs`). */
const targetOf = (file: string, specifier: string): string => {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  return `package:${specifier}`;
};

interface Rule {
  /** Files that it is about. */
  readonly of: RegExp;
  /** What they may import; nothing else. */
  readonly may: readonly RegExp[];
  /** And with `import type` only. */
  readonly mayTypes?: readonly RegExp[];
}

const domain = /^shared\/domain\//;
const contracts = /^shared\/contracts\//;
const ports = /^shared\/ports\//;
const packs = /^shared\/rule-packs\//;
const runtime = /^shared\/runtime\//;
const useCases = /^shared\/use-cases\//;
const evidence = /^shared\/evidence\//;
const zod = /^package:zod(\/|$)/;
const node = /^package:node:/;
const lambdaTypes = /^package:aws-lambda$/;
const powertools = /^package:@aws-lambda-powertools\//;
const awsSdk = /^package:(@aws-sdk|@smithy)\//;

/** The import table. A row is the whole of what a folder may reach. */
const rules: Readonly<Record<string, Rule>> = {
  'shared/domain imports itself': { of: domain, may: [domain] },
  'shared/contracts imports domain and zod': { of: contracts, may: [contracts, domain, zod] },
  'shared/ports is types over the domain': { of: ports, may: [], mayTypes: [ports, domain, evidence] },
  'shared/rule-packs imports domain and contracts': { of: packs, may: [packs, domain, contracts] },
  'shared/use-cases imports domain, evidence and ports': {
    of: useCases,
    may: [useCases, domain, evidence, ports],
    mayTypes: [contracts],
  },
  // The standalone verifier is made of it: no AWS, no files, no network, no schema library.
  'shared/evidence imports the domain, how a box signs, and node:crypto': {
    of: evidence,
    may: [
      evidence,
      domain,
      /^shared\/contracts\/(signature-profile|ed25519-key)\.ts$/,
      /^package:(node:crypto|structured-headers)$/,
    ],
  },
  // What an auditor runs; esbuild only makes it one file.
  'verify imports the evidence': {
    of: /^verify\//,
    may: [/^verify\//, evidence, node, /^package:esbuild$/],
    mayTypes: [domain],
  },
  'one file of a function draws charts, and it does nothing else': {
    of: /^functions\/[^/]+\/report\/charts\.ts$/,
    may: [runtime, /^package:echarts\/(core|charts|components|renderers)$/, /^functions\/[^/]+\/report\//],
  },
  'functions import shared, adapters only in main.ts, and no other function': {
    of: /^functions\/[^/]+\/(?!main\.ts$|report\/charts\.ts$)/,
    may: [
      domain,
      contracts,
      ports,
      packs,
      runtime,
      useCases,
      evidence,
      node,
      zod,
      powertools,
      /^package:@middy\//,
      /^package:uuid$/,
      /^package:csv-stringify(\/|$)/,
      /^package:csv-parse(\/|$)/,
    ],
    mayTypes: [lambdaTypes],
  },
};

const files = ['shared', 'functions', 'infra', 'box', 'console', 'bench', 'verify']
  .filter((folder) => readdirSync(root).includes(folder))
  .flatMap(filesUnder);

interface Edge {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const edges: readonly Edge[] = files.flatMap((file) =>
  importsOf(readFileSync(join(root, file), 'utf8')).map(({ specifier, typeOnly }) => ({
    file,
    target: targetOf(file, specifier),
    typeOnly,
  })),
);

const shown = (list: readonly Edge[]): readonly string[] => list.map(({ file, target }) => `${file} → ${target}`);
const folderOf = (path: string, depth: number): string => path.split('/').slice(0, depth).join('/');

describe('imports run one way', () => {
  it('and this test sees them', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(edges.length).toBeGreaterThan(200);
    const planted = `import a from './a.ts';\nexport type { B } from "../b.ts";\nimport {\n  c,\n  type D,\n} from 'c';\nawait import('./e.ts'); // import 'not-me';\nexport * from 'f';\nimport 'g';`;
    expect(importsOf(planted).map((one) => one.specifier)).toEqual(['./a.ts', '../b.ts', 'c', 'f', 'g', './e.ts']);
    expect(importsOf(planted).map((one) => one.typeOnly)).toEqual([false, true, false, false, false, false]);
  });

  it.each(Object.entries(rules))('%s', (_name, { of, may, mayTypes = [] }) => {
    const about = edges.filter(({ file }) => of.test(file));
    const wrong = about.filter(({ file, target, typeOnly }) => {
      const isOwnFolder = file.startsWith('functions/') && folderOf(file, 2) === folderOf(target, 2);
      const allowed = typeOnly ? [...may, ...mayTypes] : may;
      return !isOwnFolder && !allowed.some((pattern) => pattern.test(target));
    });
    expect(about.length).toBeGreaterThan(0);
    expect(shown(wrong)).toEqual([]);
  });

  it('no file imports itself round a circle, not by types either', () => {
    const targets = Map.groupBy(edges, ({ file }) => file);
    const wayBack = (start: string): readonly string[] => {
      const seen = new Set<string>();
      const search = (way: readonly string[]): readonly string[] => {
        for (const { target } of targets.get(way.at(-1) ?? '') ?? []) {
          if (target === start) return [...way, target];
          if (seen.has(target)) continue;
          seen.add(target);
          const found = search([...way, target]);
          if (found.length > 0) return found;
        }
        return [];
      };
      return search([start]);
    };
    expect([...targets.keys()].map(wayBack).filter(({ length }) => length > 0)).toEqual([]);
  });

  it('a function never imports another function', () => {
    const wrong = edges.filter(
      ({ file, target }) =>
        file.startsWith('functions/') && target.startsWith('functions/') && folderOf(file, 2) !== folderOf(target, 2),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('an adapter imports no other adapter, no function, no use case and no infra', () => {
    const wrong = edges.filter(({ file, target }) => {
      if (!file.startsWith('shared/adapters/')) return false;
      if (/^(functions|infra|box|console|shared\/use-cases)\//.test(target)) return true;
      // A file right under shared/adapters is what they share.
      const isAnother = target.startsWith('shared/adapters/') && folderOf(file, 3) !== folderOf(target, 3);
      return isAnother && !/^shared\/adapters\/[^/]+\.ts$/.test(target);
    });
    expect(shown(wrong)).toEqual([]);
  });

  it('the AWS SDK is spoken to by adapters, and set up by the runtime, alone', () => {
    const wrong = edges.filter(
      ({ file, target }) =>
        awsSdk.test(target) &&
        /^(shared|functions|box|console)\//.test(file) &&
        !/^shared\/(adapters|runtime)\//.test(file),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('the runtime, contracts and use cases import no function', () => {
    const wrong = edges.filter(
      ({ file, target }) => file.startsWith('shared/') && /^(functions|infra|box|console|bench)\//.test(target),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('infra knows functions by path only', () => {
    expect(
      shown(edges.filter(({ file, target }) => file.startsWith('infra/') && target.startsWith('functions/'))),
    ).toEqual([]);
  });

  it('the box and the console know contracts, pure helpers of the domain and the bytes of the evidence', () => {
    const wrong = edges.filter(
      ({ file, target }) =>
        /^(box|console)\//.test(file) && /^(functions|infra|shared\/(?!contracts|domain|evidence))/.test(target),
    );
    expect(shown(wrong)).toEqual([]);
  });

  it('only draw-challenges has the private keys of challenges', () => {
    const holders = edges.filter(({ target }) => /secrets-manager\/challenge-keys\.ts$/.test(target));
    expect(shown(holders)).toEqual([
      'functions/draw-challenges/main.ts → shared/adapters/secrets-manager/challenge-keys.ts',
    ]);
    const named = files.filter((file) =>
      /\bChallengeKeys\b/.test(withoutComments(readFileSync(join(root, file), 'utf8'))),
    );
    expect(named.filter((file) => file.startsWith('functions/'))).toEqual(['functions/draw-challenges/month-keys.ts']);
    expect(Object.entries(functionSpecs).flatMap(([name, { challengeKeys }]) => (challengeKeys ? [name] : []))).toEqual(
      ['draw-challenges'],
    );
  });

  it('nothing imports a test', () => {
    expect(shown(edges.filter(({ file, target }) => !file.startsWith('bench/') && /^test\//.test(target)))).toEqual([]);
  });
});

/** What reads a clock, the world or chance. `new Date(ms)` only turns what it was given. */
const impure: readonly (readonly [string, RegExp])[] = [
  ['Date.now', /\bDate\s*\.\s*now\b/],
  ['new Date()', /\bnew\s+Date\s*\(\s*\)/],
  ['Date()', /(?<!new\s+)\bDate\s*\(\s*\)/],
  ['performance', /\bperformance\b/],
  ['process', /\bprocess\b/],
  ['console', /\bconsole\b/],
  ['Math.random', /\bMath\s*\.\s*random\b/],
  ['crypto', /\bcrypto\b/],
  ['a timer', /\bset(Timeout|Interval|Immediate)\b/],
  ['Temporal.Now', /\bTemporal\s*\.\s*Now\b/],
];
const impureIn = (code: string): readonly string[] =>
  impure.filter(([, pattern]) => pattern.test(withoutComments(code))).map(([name]) => name);

describe('there is no clock in the domain', () => {
  it('and this test would see one', () => {
    expect(impureIn('const a = Date.now();')).toEqual(['Date.now']);
    expect(impureIn('const a = new Date( );')).toEqual(['new Date()']);
    expect(impureIn('const a = new Date(ms); // Date.now()')).toEqual([]);
    expect(impureIn('/* console */ console.log(Math.random(), process.env)')).toEqual([
      'process',
      'console',
      'Math.random',
    ]);
  });

  it.each(['shared/domain', 'shared/rule-packs', 'shared/contracts', 'shared/ports', 'shared/use-cases'])(
    '%s',
    (folder) => {
      const found = filesUnder(folder).flatMap((file) =>
        impureIn(readFileSync(join(root, file), 'utf8')).map((what) => `${relative('.', file)}: ${what}`),
      );
      expect(found).toEqual([]);
    },
  );
});

describe('there is no clock in the evidence', () => {
  it('shared/evidence', () => {
    const found = filesUnder('shared/evidence').flatMap((file) =>
      impureIn(readFileSync(join(root, file), 'utf8'))
        // Hashing and signing are what it is for.
        .filter((what) => what !== 'crypto')
        .map((what) => `${relative('.', file)}: ${what}`),
    );
    expect(found).toEqual([]);
  });
});

describe('the environment is read in one place per function', () => {
  it('is main.ts', () => {
    const found = filesUnder('functions')
      .filter((file) => !file.endsWith('/main.ts'))
      .filter((file) => /\bprocess\s*\.\s*env\b/.test(withoutComments(readFileSync(join(root, file), 'utf8'))));
    expect(found).toEqual([]);
  });
});

describe('both partitions', () => {
  it('no file writes an ARN of one of them', () => {
    const arn = ['arn', 'aws', ''].join(':');
    const found = files.filter((file) => withoutComments(readFileSync(join(root, file), 'utf8')).includes(arn));
    expect(found).toEqual([]);
  });
});
