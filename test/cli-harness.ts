// The strata command inside the test's own process: what it printed, its exit code, and a Ctrl-C on demand.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Io, main } from '@strata/cli';
import { afterAll, expect } from 'vitest';

/** What a command did. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly outBytes: Uint8Array;
  readonly err: string;
}

/** Runs a command; `whenSaid` presses Ctrl-C as soon as standard error has that text; `stdin` is an open descriptor. */
export async function strata(argv: readonly string[], whenSaid?: string, stdin?: number): Promise<CommandResult> {
  const out: Uint8Array[] = [];
  let err = '';
  const listeners = new Set<() => void>();
  const bytes = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? Buffer.from(text) : text);
  const io: Io = {
    ...(stdin !== undefined && { stdin }),
    stdout: { write: (text) => out.push(bytes(text)) },
    stderr: {
      write: (text) => {
        err += Buffer.from(bytes(text)).toString();
        if (whenSaid !== undefined && err.includes(whenSaid)) for (const listener of listeners) listener();
      },
    },
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const code = await main(argv, io);
  const outBytes = Buffer.concat(out);
  return { code, out: outBytes.toString(), outBytes, err };
}

/** Runs a command that has to succeed with --json, and returns its one document. */
export async function strataJson(...argv: string[]): Promise<unknown> {
  const { code, out, err } = await strata([...argv, '--json']);
  expect(err).not.toContain('strata:');
  expect(code).toBe(0);
  return JSON.parse(out);
}

/** Runs a command that the person has to mend: exit code 2, one message, no stack, nothing on standard output. */
export async function refusal(argv: readonly string[]): Promise<string> {
  const { code, out, err } = await strata(argv);
  expect(err).not.toMatch(/^\s+at /m);
  expect(out).toBe('');
  expect(code).toBe(2);
  return err;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is deleted after the tests. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strata-cli-'));
  folders.push(folder);
  return folder;
}

/** Every file of a folder with its hash: equal before and after means that nothing was lost and nothing written. */
export function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return Object.fromEntries(
    files
      .filter((file) => statSync(file).isFile())
      .sort()
      .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}
