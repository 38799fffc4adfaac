// Bytes in and out for `strata words`: files and pipes in, a whole file or a pipe out, and time for Ctrl-C in between.
// From: Strata; the reading itself is synchronous, as the languages' readers are.
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync, realpathSync, read as startReading } from 'node:fs';
import { promisify } from 'node:util';
import { AtomicFile } from '@strata/store';
import { CorpusFileError } from '@strata/text';
import { InterruptedError } from '@strata/train';
import { RequestError } from './expected-errors.js';
import type { Io, TextStream } from './io.js';

/** Stands for standard input or output. */
export const STANDARD = '-';

const CHUNK_BYTES = 1 << 18;
const WAIT_MILLISECONDS = 5;
const readLater = promisify(startReading);

/** Bytes that are read from the first to the last, from a file or from standard input. */
export class ByteInput {
  /** Length in bytes; 0 where nobody knows. */
  readonly size: number;
  /** What messages call it. */
  readonly name: string;
  #read = 0;
  #ended = false;
  #next: Uint8Array | undefined;
  readonly #descriptor: number;
  readonly #isFile: boolean;

  /** Opens a path, or standard input for `-`; throws CorpusFileError. */
  constructor(path: string, io: Io) {
    this.name = path === STANDARD ? 'standard input' : path;
    const { descriptor, isFile, size } = this.#guarded(() => {
      const opened = path === STANDARD ? (io.stdin ?? 0) : openSync(path, 'r');
      const stat = fstatSync(opened);
      return { descriptor: opened, isFile: stat.isFile(), size: stat.isFile() ? stat.size : 0 };
    });
    this.#descriptor = descriptor;
    this.#isFile = isFile;
    this.size = size;
  }

  /** Bytes read so far. */
  get done(): number {
    return this.#read;
  }

  /** Waits until a pipe has something to give, while Ctrl-C can be heard. */
  async ready(): Promise<void> {
    if (this.#isFile || this.#ended || this.#next !== undefined) return;
    const buffer = new Uint8Array(CHUNK_BYTES);
    try {
      const { bytesRead } = await readLater(this.#descriptor, buffer, 0, CHUNK_BYTES, null);
      this.#next = this.#taken(buffer, bytesRead);
    } catch (error) {
      if (!mustWait(error)) throw this.#unreadable(error);
      await new Promise((resolve) => setTimeout(resolve, WAIT_MILLISECONDS));
    }
  }

  /** The bytes in chunks, each an array of its own. */
  *chunks(): Generator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk = this.#next ?? this.#readNow();
      this.#next = undefined;
      if (chunk.length > 0) yield chunk;
      if (this.#ended) return;
    }
  }

  close(): void {
    if (this.name !== 'standard input') closeSync(this.#descriptor);
  }

  #readNow(): Uint8Array {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      try {
        return this.#taken(buffer, readSync(this.#descriptor, buffer, 0, CHUNK_BYTES, null));
      } catch (error) {
        // A terminal or a pipe that somebody made non-blocking has nothing at the moment.
        if (!mustWait(error)) throw this.#unreadable(error);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
      }
    }
  }

  #taken(buffer: Uint8Array, count: number): Uint8Array {
    if (count === 0) this.#ended = true;
    this.#read += count;
    return buffer.subarray(0, count);
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  #unreadable(error: unknown): unknown {
    if (!(error instanceof Error) || !('code' in error)) return error;
    const found = error.code === 'ENOENT' ? 'no such file' : `cannot be read (${String(error.code)})`;
    return new CorpusFileError(this.name, found, 'Check the path and its permissions.');
  }
}

const mustWait = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** Where bytes go. */
export interface ByteOutput {
  write(bytes: Uint8Array): Promise<void>;
  /** The bytes are all there: a file appears under its name. */
  finish(): void;
  /** They are not: nothing of a file stays. Does nothing after `finish`. */
  abandon(): void;
}

/** Opens a path, or standard output for `-`; throws RequestError where it is the input, and the errors of writing. */
export function openOutput(path: string, input: string, io: Io): ByteOutput {
  if (path === STANDARD) return { write: (bytes) => writeTo(io.stdout, bytes), finish() {}, abandon() {} };
  if (input !== STANDARD && samePlace(path, input)) {
    throw new RequestError(`${path} is the input itself; choose another --out`);
  }
  const file = new AtomicFile(path);
  return {
    async write(bytes) {
      file.write(bytes);
    },
    finish() {
      file.commit();
    },
    abandon: () => file.abandon(),
  };
}

function samePlace(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    // What is not there yet is not the input.
    return false;
  }
}

/** Writes to a stream and waits where it says that it is full. */
export async function writeTo(stream: TextStream, data: string | Uint8Array): Promise<void> {
  if (stream.write(data) === false && 'once' in stream) await once(stream as NodeJS.WriteStream, 'drain');
}

const BREATH_MILLISECONDS = 20;
const STOPPED = 'stopped; nothing was written';

/** Goes through what a synchronous generator makes of an input; Ctrl-C between two values throws InterruptedError. */
export async function eachOf<T, R>(
  values: Generator<T, R, undefined>,
  input: ByteInput,
  signal: AbortSignal,
  use: (value: T) => Promise<void>,
): Promise<R> {
  let breathed = performance.now();
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  for (;;) {
    await Promise.race([input.ready(), stopped]);
    if (signal.aborted) throw new InterruptedError(STOPPED);
    const next = values.next();
    if (next.done === true) return next.value;
    await use(next.value);
    if (performance.now() - breathed < BREATH_MILLISECONDS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    breathed = performance.now();
  }
}
