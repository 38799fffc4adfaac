// A git checkout as an experiment's record needs it: is it clean, what is checked out, what did a commit hold of a file?
// From: Strata, EVALUATION (Records). Git is called with arguments, never through a shell, and hears no GIT_* of the caller.
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { RequestError } from './expected-errors.js';

/** Changes that a message lists at most. */
const SHOWN_CHANGES = 10;

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

interface GitAnswer {
  readonly ok: boolean;
  readonly out: string;
  readonly complaint: string;
}

/** The caller's environment without what would point git elsewhere; git writes nothing on the way, and speaks English. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

function git(folder: string, args: readonly string[]): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: quietEnvironment(),
    maxBuffer: 1 << 28,
    windowsHide: true,
  });
  if (error !== undefined)
    throw new RequestError(
      `git could not be run: ${error.message}. A record names a commit: install git and run again.`,
    );
  return { ok: status === 0, out: stdout, complaint: stderr.trim().split('\n')[0] ?? '' };
}

/** A real path, or the path itself where nothing is there. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** A checkout of git, by its root. */
export class Checkout {
  private constructor(readonly root: string) {}

  /** The checkout that a folder lies in; throws RequestError where there is none. */
  static of(folder: string): Checkout {
    const { ok, out, complaint } = git(folder, ['rev-parse', '--show-toplevel']);
    const root = out.replace(/\r?\n$/, '');
    if (ok && root !== '') return new Checkout(realPath(root));
    throw new RequestError(
      `${folder}: there is no git checkout (${complaint || 'a repository without files'}). ` +
        'A record names the commit that it was made at: clone the project with git, commit the study there, and run again.',
    );
  }

  /** The commit that is checked out; throws RequestError where nothing is committed yet. */
  head(): string {
    const { ok, out } = git(this.root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    if (ok) return out.trim();
    throw new RequestError(`${this.root}: nothing is committed yet. Commit the study and the code, and run again.`);
  }

  /** Files that differ from the commit and files that git neither has nor ignores, as `git status` lists them. */
  changes(): string[] {
    const args = [
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--untracked-files=normal',
      '--ignore-submodules=none',
    ];
    const { ok, out, complaint } = git(this.root, args);
    if (!ok) throw new RequestError(`${this.root}: git status failed (${complaint}). Mend the checkout and run again.`);
    return out.split('\0').filter((line) => line !== '');
  }

  /** Throws RequestError, listing what differs, unless all that is not ignored is committed. */
  requireClean(): void {
    const changes = this.changes();
    if (changes.length === 0) return;
    const shown = changes.slice(0, SHOWN_CHANGES).map((line) => `  ${line}`);
    if (changes.length > shown.length) shown.push(`  and ${changes.length - shown.length} more`);
    throw new RequestError(
      `the git tree is not clean (?? is a file that git does not have):\n${shown.join('\n')}\n` +
        'A record names a commit, and these files are in none. Commit them, or put them aside, and run again.',
    );
  }

  /** The path from the root with forward slashes; undefined outside the checkout. */
  inside(path: string): string | undefined {
    const near = relative(this.root, realPath(path));
    if (near === '' || near === '..' || near.startsWith(`..${sep}`) || isAbsolute(near)) return undefined;
    return near.split(sep).join('/');
  }

  /** True if this checkout has a commit of that name. */
  has(commit: string): boolean {
    return COMMIT.test(commit) && git(this.root, ['cat-file', '-e', `${commit}^{commit}`]).ok;
  }

  /** What git calls the contents that a commit has under a path; undefined where it has no such file. */
  blobAt(commit: string, path: string): string | undefined {
    if (!COMMIT.test(commit)) return undefined;
    const { ok, out } = git(this.root, ['rev-parse', '--verify', '--quiet', `${commit}:${path}`]);
    return ok ? out.trim() : undefined;
  }

  /** What git would call the contents of a file as it is on disk, line ends as git keeps them. */
  blobNow(path: string): string {
    const { ok, out, complaint } = git(this.root, ['hash-object', '--', path]);
    if (ok) return out.trim();
    throw new RequestError(`${path}: git cannot read it (${complaint}). Check the file and run again.`);
  }
}
