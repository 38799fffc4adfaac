// The commit of the code that trains, for the record that each level keeps of itself.
// From: Strata, DESIGN (a run is a folder that explains itself).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout that this code runs from. */
export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** The checked-out commit, with `+` when files differ from it; undefined outside a checkout or without git. */
export function currentCommit(folder = projectFolder): string | undefined {
  // Installed as a dependency, the nearest checkout would be somebody else's.
  if (!existsSync(join(folder, '.git'))) return undefined;
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('rev-parse', 'HEAD');
  if (commit === undefined) return undefined;
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
}
