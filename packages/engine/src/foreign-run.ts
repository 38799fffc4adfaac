// A foreign model runs in a process of its own, since onnxruntime has had faults that a file could set off: what it
// breaks, hangs or fills is that process. No shell, no environment, no path: it gets the very bytes that were checked.
import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { FeedError } from '@strata/tensor';
import { ForeignRunError, quoted } from './onnx-error.js';
import type { OnnxValue } from './onnx-graph-check.js';
import { type OnnxFile, type OnnxLimits, type OnnxSummary, openOnnx } from './read-onnx.js';

/** Values of a tensor; bool as 0 and 1, float16 as bits. */
export type ForeignData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** A tensor that goes into a foreign model or comes out; row-major. */
export interface ForeignTensor {
  /** As in `OnnxValue`. */
  readonly elementType: string;
  readonly shape: readonly number[];
  readonly data: ForeignData;
}

/** Inputs by name. */
export type ForeignFeeds = ReadonlyMap<string, ForeignTensor>;

export interface ForeignRunOptions {
  /** Seconds from the start of the process to its answer; 60 by default. */
  readonly timeoutSeconds?: number;
  /** Most memory of the process, itself included (about 70), in units of 10^6 bytes; 4,000 by default. */
  readonly memoryMegabytes?: number;
  /** Threads inside one kernel; 1 by default. */
  readonly threads?: number;
  readonly limits?: Partial<OnnxLimits>;
}

/** What a foreign model gave. */
export interface ForeignRun {
  readonly summary: OnnxSummary;
  readonly outputs: ReadonlyMap<string, ForeignTensor>;
  readonly loadSeconds: number;
  readonly runSeconds: number;
}

/** The arrays in which elements travel, by element type; types that are missing here cannot be fed or fetched. */
export const FOREIGN_ARRAYS = new Map<string, new (length: number) => Exclude<ForeignData, readonly string[]>>([
  ['float32', Float32Array],
  ['float64', Float64Array],
  ['float16', Uint16Array],
  ['int8', Int8Array],
  ['uint8', Uint8Array],
  ['bool', Uint8Array],
  ['int16', Int16Array],
  ['uint16', Uint16Array],
  ['int32', Int32Array],
  ['uint32', Uint32Array],
  ['int64', BigInt64Array],
  ['uint64', BigUint64Array],
]);

/** Why `tensor` is no tensor of the declared type and shape, or undefined if it is one. */
function mismatch({ elementType, shape }: OnnxValue, tensor: ForeignTensor): string | undefined {
  const { data } = tensor;
  if (tensor.elementType !== elementType) return `element type ${tensor.elementType}`;
  if (!tensor.shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return `shape [${tensor.shape}]`;
  if (shape !== null) {
    const fits = (length: number, at: number): boolean => typeof shape[at] === 'string' || shape[at] === length;
    if (shape.length !== tensor.shape.length || !tensor.shape.every(fits)) return `shape [${tensor.shape.join(', ')}]`;
  }
  const isArray =
    elementType === 'string'
      ? Array.isArray(data) && data.every((text) => typeof text === 'string')
      : FOREIGN_ARRAYS.has(elementType) && data instanceof FOREIGN_ARRAYS.get(elementType)!;
  if (!isArray) return 'another kind of array';
  const elements = tensor.shape.reduce((product, length) => product * length, 1);
  return elements === data.length ? undefined : `${data.length} values for shape [${tensor.shape.join(', ')}]`;
}

function checkFeeds({ inputs, optionalInputs }: OnnxSummary, feeds: ForeignFeeds): void {
  const known = new Map([...inputs, ...optionalInputs].map((value) => [value.name, value]));
  for (const [name, tensor] of feeds) {
    const value = known.get(name);
    if (value === undefined) throw new FeedError(`there is no input '${name}'; the model has: ${[...known.keys()]}`);
    const found = mismatch(value, tensor);
    if (found === undefined) continue;
    const shape = value.shape === null ? 'any shape' : `[${value.shape.join(', ')}]`;
    throw new FeedError(`input '${name}' needs ${value.elementType} ${shape}; found ${found}`);
  }
  const missing = inputs.find(({ name }) => !feeds.has(name));
  if (missing !== undefined) throw new FeedError(`input '${missing.name}' is missing`);
}

/** What is kept of the last words of a process, in characters. */
const LAST_WORDS = 2000;
/** What the process says before it ends itself for its memory. */
const OUTGROWN = 'strata: out of memory';

/** How a process ended: with an answer, or without. */
interface Ending {
  readonly answer?: unknown;
  readonly timedOut: boolean;
  readonly lastWords: string;
  /** The signal or the exit code. */
  readonly status: string;
}

function startChild(memoryMegabytes: number): ChildProcess {
  const { SystemRoot } = process.env;
  return fork(new URL('./foreign-child.js', import.meta.url), [String(memoryMegabytes * 1e6)], {
    cwd: tmpdir(),
    // Windows does not start a program without this one.
    env: SystemRoot === undefined ? {} : { SystemRoot },
    execArgv: [`--max-old-space-size=${Math.ceil(memoryMegabytes)}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Gives one task to a new process and waits until that has ended, by itself or by force. */
function runChild(task: object, timeoutSeconds: number, memoryMegabytes: number): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = startChild(memoryMegabytes);
    let answer: unknown;
    let timedOut = false;
    let lastWords = '';
    const clock = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutSeconds * 1000);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS);
    });
    child.once('message', (message) => {
      answer = message;
      child.kill('SIGKILL');
    });
    child.once('error', (error) => {
      clearTimeout(clock);
      child.kill('SIGKILL');
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(clock);
      resolve({ ...(answer !== undefined && { answer }), timedOut, lastWords, status: signal ?? `exit code ${code}` });
    });
    // A process that is gone before it has read its task says so by closing.
    child.send(task, () => {});
  });
}

interface Answer {
  readonly outputs: ReadonlyMap<string, ForeignTensor>;
  readonly loadSeconds: number;
  readonly runSeconds: number;
}

/** The answer as what it should be; the process that gave it has run a file that nobody trusts. */
function checkAnswer(answer: unknown, summary: OnnxSummary, fail: (found: string, next: string) => never): Answer {
  const given = (typeof answer === 'object' ? answer : null) ?? {};
  const { refused, outputs, loadSeconds, runSeconds } = given as Partial<Answer> & { refused?: unknown };
  if (refused !== undefined)
    return fail(
      `onnxruntime failed (${String(refused).split('\n')[0]!.slice(0, 500)})`,
      'check the model and what is fed; an index outside its table is the usual cause',
    );
  const unfit = (name: string): never => fail(`it gave no output ${quoted(name)} as declared`, 'do not trust the file');
  if (!(outputs instanceof Map) || typeof loadSeconds !== 'number' || typeof runSeconds !== 'number') return unfit('');
  const checked = new Map<string, ForeignTensor>();
  for (const value of summary.outputs) {
    const tensor: ForeignTensor | undefined = outputs.get(value.name);
    if (!Array.isArray(tensor?.shape) || mismatch({ ...value, shape: null }, tensor) !== undefined) unfit(value.name);
    checked.set(value.name, tensor!);
  }
  return { outputs: checked, loadSeconds, runSeconds };
}

/**
 * Reads and checks an ONNX file, runs it once in a process of its own, and returns its outputs; `feeds` may depend on
 * what the file asks for. Throws OnnxError for a file that is refused, FeedError for feeds that do not fit, and
 * ForeignRunError when onnxruntime fails or the process crashes, takes too long or too much memory.
 */
export async function runForeignOnnx(
  path: string,
  feeds: ForeignFeeds | ((summary: OnnxSummary) => ForeignFeeds),
  options: ForeignRunOptions = {},
): Promise<ForeignRun> {
  const { timeoutSeconds = 60, memoryMegabytes = 4000, threads = 1, limits = {} } = options;
  const file: OnnxFile = openOnnx(path, limits);
  const fed = typeof feeds === 'function' ? feeds(file.summary) : feeds;
  checkFeeds(file.summary, fed);
  const fail = (found: string, next: string): never => {
    throw new ForeignRunError({ path, found, next });
  };
  const { bytes: model, summary } = file;
  const ending = await runChild({ model, feeds: fed, threads }, timeoutSeconds, memoryMegabytes);
  if (ending.answer !== undefined) return { summary, ...checkAnswer(ending.answer, summary, fail) };
  if (ending.timedOut)
    return fail(`it was not done after ${timeoutSeconds} seconds and was ended`, 'allow it more time if you trust it');
  if (ending.lastWords.includes(OUTGROWN) || ending.lastWords.includes('heap out of memory'))
    return fail(`it took more than ${memoryMegabytes} MB of memory and was ended`, 'allow it more if you trust it');
  const words = ending.lastWords.trim().split('\n').at(-1)!.slice(0, 300);
  const said = words === '' ? '' : `; it said: ${words}`;
  return fail(`its process crashed (${ending.status})${said}`, 'do not run this file elsewhere');
}
