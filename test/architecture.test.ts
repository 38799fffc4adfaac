// The house's rules as tests: who may import whom (the table of ARCHITECTURE.md itself), one door to the engine, no cycles,
// manifests that say what sources do, and no trace of the machine that a file was written on.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

/** What the table's rows say: the packages in their order, and what each may import. */
interface Table {
  readonly order: readonly string[];
  readonly may: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Reads the table "Packages and what they may import". A package that may import another may import what that one may:
 * an interface hands out types of the layers below it.
 */
function readTable(markdown: string): Table {
  const section = markdown.split(/^## /m).find((part) => part.startsWith('Packages and what they may import'));
  if (section === undefined) throw new Error('ARCHITECTURE.md has no section "Packages and what they may import"');
  const order: string[] = [];
  const direct = new Map<string, readonly string[]>();
  for (const line of section.split('\n').filter((text) => /^\| `/.test(text))) {
    const [, names, , allowed] = line.split('|').map((cell) => cell.trim());
    const above = [...order];
    const row = [...names!.matchAll(/`([a-z]+)`/g)].map((match) => match[1]!);
    for (const name of row) {
      order.push(name);
      direct.set(name, allowedIn(allowed!, above));
    }
  }
  const may = new Map<string, Set<string>>();
  for (const name of order) {
    const reached = new Set(direct.get(name)!);
    for (const other of direct.get(name)!) for (const further of may.get(other) ?? []) reached.add(further);
    may.set(name, reached);
  }
  return { order, may };
}

/** The packages that one cell names: "nothing", "all", "all above", a list, or a list "and below". */
function allowedIn(cell: string, above: readonly string[]): readonly string[] {
  if (cell === 'nothing') return [];
  if (cell === 'all' || cell === 'all above') return above;
  const names = cell.replace(/ and below$/, '').split(', ');
  const unknown = names.find((name) => !above.includes(name));
  if (unknown !== undefined) throw new Error(`ARCHITECTURE.md: "${unknown}" is no package of a row above`);
  if (!cell.endsWith(' and below')) return names;
  return above.slice(0, Math.max(...names.map((name) => above.indexOf(name))) + 1);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package as its files have it. */
interface Package {
  readonly name: string;
  readonly sources: readonly { readonly file: string; readonly isTest: boolean; readonly imports: readonly string[] }[];
  readonly manifest: Manifest;
  /** Packages that its tsconfig.json refers to. */
  readonly references: readonly string[];
  /** Whether it has a page for a browser, compiled with other types beside its sources. */
  readonly hasPage: boolean;
}

const STATEMENTS =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

function importsOf(source: string): string[] {
  return [...source.matchAll(STATEMENTS)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

function readPackage(name: string): Package {
  const files = readdirSync(join(root, 'packages', name, 'src'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts'));
  const { references = [] } = JSON.parse(read('packages', name, 'tsconfig.json')) as {
    references?: { path: string }[];
  };
  return {
    name,
    sources: files.map((file) => ({
      file: `packages/${name}/src/${file}`,
      isTest: file.endsWith('.test.ts'),
      imports: importsOf(read('packages', name, 'src', file)),
    })),
    manifest: JSON.parse(read('packages', name, 'package.json')) as Manifest,
    references: references.map(({ path }) => path.replace('../', '')),
    hasPage: existsSync(join(root, 'packages', name, 'page', 'tsconfig.json')),
  };
}

const table = readTable(read('ARCHITECTURE.md'));
const packages = readdirSync(join(root, 'packages'))
  .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
  .map(readPackage);

/** `@strata/x` as `x`; undefined for anything else. */
const ownPackage = (specifier: string): string | undefined => /^@strata\/([a-z]+)$/.exec(specifier)?.[1];

/** The npm package of a specifier: `a/b` is `a`, `@a/b/c` is `@a/b`. */
const npmPackage = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('the table of ARCHITECTURE.md', () => {
  it('lists exactly the packages that there are', () => {
    expect([...table.order].sort()).toEqual(packages.map(({ name }) => name).sort());
  });

  it('keeps levels apart', () => {
    const levels = ['subword', 'word', 'concept', 'gestalt'];
    for (const level of levels) for (const other of levels) expect(table.may.get(level)!.has(other)).toBe(false);
  });

  it.each(packages)('holds for the sources of $name', ({ name, sources }) => {
    const forbidden = sources
      .filter(({ isTest }) => !isTest)
      .flatMap(({ file, imports }) =>
        imports
          .map(ownPackage)
          .filter((other) => other !== undefined && !table.may.get(name)!.has(other))
          .map((other) => `${file} imports ${other}`),
      );
    expect(forbidden).toEqual([]);
  });

  it('leaves no cycle', () => {
    // Rows only name rows above, so the order of the table is an order without cycles if the manifests keep to it.
    const backward = packages.flatMap(({ name, manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
        .map(ownPackage)
        .filter((other) => other !== undefined && table.order.indexOf(other) >= table.order.indexOf(name))
        .map((other) => `${name} depends on ${other}`),
    );
    expect(backward).toEqual([]);
  });
});

describe('pages for a browser', () => {
  it.each(packages.filter(({ hasPage }) => hasPage))(
    '$name: import types alone of what runs on the server',
    ({ name }) => {
      const folder = join(root, 'packages', name, 'page', 'src');
      const values = readdirSync(folder, { recursive: true })
        .map(String)
        .filter((file) => /\.tsx?$/.test(file))
        .flatMap((file) =>
          readFileSync(join(folder, file), 'utf8')
            .split(/;\s*\n/)
            .filter((statement) => /from '(@strata\/|(\.\.\/)+src\/|node:)/.test(statement))
            .filter((statement) => !/import type\b/.test(statement))
            .map((statement) => `${file}: ${statement}`),
        );
      expect(values).toEqual([]);
    },
  );
});

describe('imports', () => {
  it('of onnxruntime and TensorFlow.js are in engine only', () => {
    const doors = packages.filter(({ sources }) =>
      sources.some(({ imports }) => imports.some((specifier) => /onnxruntime|@tensorflow/.test(specifier))),
    );
    expect(doors.map(({ name }) => name)).toEqual(['engine']);
  });

  it('of other packages go by their name, never by their path', () => {
    const reaching = packages.flatMap(({ name, sources }) =>
      sources.flatMap(({ file, imports }) =>
        imports
          .filter((specifier) => specifier.startsWith('@strata/') && ownPackage(specifier) === undefined)
          .concat(
            imports.filter((specifier) =>
              /^\.\.\/(\.\.\/)+(?!test\/|scripts\/|data\/)[a-z]+\/(src|dist)\//.test(specifier),
            ),
          )
          .map((specifier) => `${name}: ${file} imports ${specifier}`),
      ),
    );
    expect(reaching).toEqual([]);
  });

  it.each(packages)('of $name are declared in its package.json', ({ name, sources, manifest }) => {
    const runtime = { ...manifest.dependencies, ...manifest.optionalDependencies };
    const repository = (JSON.parse(read('package.json')) as Manifest).devDependencies ?? {};
    const missing = sources.flatMap(({ file, isTest, imports }) =>
      imports
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .map(npmPackage)
        .filter((other) => !(other in runtime) && other !== `@strata/${name}`)
        // Tests run on the sources of the whole repository, with its own development dependencies.
        .filter((other) => !isTest || !(other in repository || other.startsWith('@strata/')))
        .map((other) => `${file} imports ${other}`),
    );
    expect(missing).toEqual([]);
  });

  it('of Node.js are marked by node:', () => {
    const unmarked = packages.flatMap(({ sources }) =>
      sources.flatMap(({ file, imports }) =>
        imports.filter((specifier) => builtinModules.includes(specifier)).map((specifier) => `${file}: ${specifier}`),
      ),
    );
    expect(unmarked).toEqual([]);
  });
});

describe('manifests', () => {
  it.each(packages)('of $name and its tsconfig.json name the same packages', ({ manifest, references }) => {
    const depended = Object.keys(manifest.dependencies ?? {}).flatMap((other) => ownPackage(other) ?? []);
    expect([...references].sort()).toEqual(depended.sort());
  });

  it('are all built by the root tsconfig.json', () => {
    const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    const projects = packages.flatMap(({ name, hasPage }) => [
      `packages/${name}`,
      ...(hasPage ? [`packages/${name}/page`] : []),
    ]);
    expect(references.map(({ path }) => path).sort()).toEqual(projects.sort());
  });
});

/** Text that betrays where a file was written, and no reader elsewhere can use. */
const TRACES: readonly RegExp[] = [
  new RegExp(`(?<![\\w.@-])/(${['work', 'root', 'mnt', 'home/\\w+', 'Users/\\w+'].join('|')})/`),
  // Hosts that only one network knows: addresses, ports, names without a public ending, private registries.
  /https?:\/\/(?!localhost|127\.0\.0\.1)(\d+\.\d+\.\d+\.\d+|[a-z0-9.-]+\.(internal|local|lan|corp|intranet)|[a-z0-9-]+)(?=[:/\s'"`)]|$)/i,
  /https?:\/\/(?!registry\.npmjs\.org)[a-z0-9.-]*(registry|artifactory|nexus|verdaccio|mirror)[a-z0-9.-]*/i,
  /^\s*(registry|.*:registry)\s*=/m,
];

/** Paths of this very machine; short ones could be anybody's words. */
const OWN_PATHS = [root, homedir()].filter((path) => path.split(/[/\\]/).filter((part) => part !== '').length >= 2);

function trackedFiles(): string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(root, file)));
}

describe('tracked files', () => {
  it('bear no trace of the machine that they were written on', () => {
    const traces = trackedFiles().flatMap((file) => {
      const text = read(file);
      if (text.includes('\0')) return [];
      const found = TRACES.map((pattern) => pattern.exec(text)?.[0]).filter((match) => match !== undefined);
      const own = OWN_PATHS.filter((path) => text.includes(path));
      return [...found, ...own].map((match) => `${file}: ${match}`);
    });
    expect(traces).toEqual([]);
  });

  it('pin every dependency by its hash, from the public registry', () => {
    const lock = read('pnpm-lock.yaml');
    expect(lock).not.toMatch(/tarball:|https?:\/\//);
    expect(lock.match(/resolution: \{/g)!.length).toBe(lock.match(/resolution: \{integrity: sha512-/g)!.length);
  });
});

describe('the rules themselves', () => {
  it('see what they are for', () => {
    expect(
      importsOf("import { a } from 'x';\nexport * from './y.js';\nconst z = await import('z');\nimport 'w';"),
    ).toEqual(['x', './y.js', 'z', 'w']);
    expect(importsOf("import {\n  type A,\n  b,\n} from '@strata/word';")).toEqual(['@strata/word']);
    const traced = (text: string): boolean => TRACES.some((pattern) => pattern.test(text));
    const slash = '/';
    for (const text of [
      `${slash}work/main`,
      `"${slash}home/ann/x"`,
      `http:${slash}/10.0.0.1:80/`,
      `https:${slash}/npm-mirror.example.com/`,
    ])
      expect(traced(text)).toBe(true);
    for (const text of ['frame/work/x', 'https://example.org/a', 'the network / the root', 'a registry'])
      expect(traced(text)).toBe(false);
    const rows = ['| `a` | is | nothing |', '| `b` | is | a |', '| `c` `d` | is | b |', '| `e` | is | c and below |'];
    const { may } = readTable(`## Packages and what they may import\n${rows.join('\n')}\n## Next`);
    expect([...may.get('d')!].sort()).toEqual(['a', 'b']);
    expect([...may.get('e')!].sort()).toEqual(['a', 'b', 'c']);
    expect(() => readTable(`## Packages and what they may import\n| \`a\` | is | b |\n`)).toThrow(
      'no package of a row above',
    );
  });
});
