// The pace of one model in a process of its own: what several models hold in one process cannot be told apart.
// The process runs `strata probe` for this model alone; from sources, as in tests, there is no such command to run.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Pace, ProbeResults } from '@strata/compare';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const run = promisify(execFile);

/** Measures models of a run's folder each in a process of its own; undefined where the command is not built. */
export function paceProcess(folder: string): ((model: string) => Promise<Pace>) | undefined {
  if (!existsSync(MAIN)) return undefined;
  return async (model) => {
    const argv = [MAIN, 'probe', '--run', folder, '--only', 'pace', '--model', model, '--json'];
    const { stdout } = await run(process.execPath, argv);
    const { pace } = JSON.parse(stdout) as ProbeResults;
    const { bytesPerSecond, memory } = pace![0]!;
    return { bytesPerSecond, memory };
  };
}
