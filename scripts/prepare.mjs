// What every script needs first: a Node.js that is new enough, the dependencies of the lockfile, and a build.
// All of it is skipped when it is up to date; what it prints goes to standard error.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const PNPM = 'pnpm@10.34.9';
const INSTALLED = join(root, 'node_modules', '.strata-installed');
const BUILT = join(root, 'node_modules', '.strata-built');
const PAGE = join(root, 'packages', 'inspect', 'page');
const LEAST_NODE = [20, 19];

function fail(message, code = 2) {
  process.stderr.write(`strata: ${message}\n`);
  process.exit(code);
}

/** Runs a program with its output on standard error, so that standard output stays for results. */
function run(program, args, env = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['inherit', 2, 2],
    env: { ...process.env, ...env },
    // npx is a script on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  if (error !== undefined) fail(`${program} cannot be started (${error.message}); install it and run again`);
  return status === 0;
}

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  fail(`Node.js ${LEAST_NODE.join('.')} or later is needed; this is ${version}. Install a newer one and run again.`);
}

function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted) return;
  process.stderr.write('installing dependencies (once, about a minute)\n');
  // npm's own notices would only stand between the lines that matter.
  const quiet = { npm_config_loglevel: 'error', npm_config_update_notifier: 'false', npm_config_fund: 'false' };
  if (!run('npx', ['-y', PNPM, 'install', '--frozen-lockfile', '--loglevel', 'info'], quiet))
    fail(
      'installing failed; the lines above say why. A network is needed once, and hnswlib-node is compiled: ' +
        'that takes Python 3, make and a C++ compiler.',
    );
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(INSTALLED, wanted);
}

/** Every file in a folder and in those below it. */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file)));
}

/** The time of the latest change among the files that a build reads, in milliseconds. */
function latestSource() {
  let latest = statSync(join(root, 'tsconfig.base.json')).mtimeMs;
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    const files = [join(folder, 'package.json'), join(folder, 'tsconfig.json')];
    for (const sources of ['src', join('page', 'src')])
      if (existsSync(join(folder, sources))) files.push(...filesOf(join(folder, sources)));
    for (const file of files) if (existsSync(file)) latest = Math.max(latest, statSync(file).mtimeMs);
  }
  return latest;
}

function build(always) {
  const built = existsSync(BUILT) && existsSync(join(root, 'packages', 'cli', 'dist', 'main.js'));
  if (!always && built && statSync(BUILT).mtimeMs > latestSource()) return;
  const started = new Date();
  if (!run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']))
    fail('the sources do not compile; the lines above say where.', 1);
  writeFileSync(BUILT, '');
  // What changed while the compiler ran is newer than this, and is built next time.
  utimesSync(BUILT, started, started);
}

/** The page of `strata inspect`, by Vite: where it was never built, or something that it is made of is newer. */
function buildPage() {
  const built = join(root, 'packages', 'inspect', 'dist', 'page', 'index.html');
  const sources = [
    ...filesOf(PAGE),
    join(root, 'packages', 'inspect', 'src', 'answers.ts'),
    join(root, 'pnpm-lock.yaml'),
  ];
  if (existsSync(built) && sources.every((file) => statSync(file).mtimeMs < statSync(built).mtimeMs)) return;
  const vite = join(root, 'packages', 'inspect', 'node_modules', 'vite', 'bin', 'vite.js');
  if (!run(process.execPath, [vite, 'build', PAGE, '--logLevel', 'warn']))
    fail('the page of strata inspect does not build; the lines above say where.', 1);
}

/** Installs and builds where needed; `alwaysBuild` asks the compiler even when no file looks newer. */
export function prepare({ alwaysBuild = false } = {}) {
  checkNode();
  installDependencies();
  build(alwaysBuild);
  buildPage();
}
