// @ts-check
// The process in which a foreign model runs, and nothing else: it gets the model's bytes and its feeds in one message,
// answers with one, and is ended. JavaScript, so that it can be started as it is from the sources and from the build.
import { writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** @typedef {{ elementType: string, shape: number[], data: any }} Tensor */
/** @typedef {{ model: Uint8Array, feeds: Map<string, Tensor>, threads: number }} Task */

const MILLISECONDS_BETWEEN_LOOKS = 10;

/**
 * Ends the process when it takes more memory than it may, or has lost its parent. This is a thread of its own, since
 * the other one does not come back from native code to look. Windows and macOS have no limit that a parent could set.
 * @param {{ memoryBytes: number, parent: number }} limits
 */
function watch({ memoryBytes, parent }) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(pause, 0, 0, MILLISECONDS_BETWEEN_LOOKS);
    const outgrown = process.memoryUsage.rss() > memoryBytes;
    if (outgrown) writeSync(2, 'strata: out of memory\n');
    if (outgrown || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }
}

/** @param {Task} task */
async function run({ model, feeds, threads }) {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const started = performance.now();
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Memory goes back when it is not needed, so that what is measured is what is used.
    enableCpuMemArena: false,
    logSeverityLevel: 4,
  });
  const loaded = performance.now();
  const tensors = Object.create(null);
  for (const [name, { elementType, shape, data }] of feeds)
    tensors[name] = new Tensor(/** @type {any} */ (elementType), data, shape);
  const results = await session.run(tensors);
  const done = performance.now();
  /** @type {Map<string, Tensor>} */
  const outputs = new Map();
  for (const [name, { type, dims, data }] of Object.entries(results)) {
    // Half floats travel as their bits: not every Node.js has the array type.
    const plain = type === 'float16' ? new Uint16Array(/** @type {any} */ (data).buffer) : data;
    outputs.set(name, { elementType: type, shape: [...dims], data: plain });
  }
  return { outputs, loadSeconds: (loaded - started) / 1000, runSeconds: (done - loaded) / 1000 };
}

if (isMainThread) {
  const memoryBytes = Number(process.argv[2]);
  // Without its guard the process does not go on.
  new Worker(new URL(import.meta.url), { workerData: { memoryBytes, parent: process.ppid } }).on('error', (error) => {
    writeSync(2, `${error.message}\n`);
    process.exit(1);
  });
  process.once('message', async (/** @type {Task} */ task) => {
    /** @type {unknown} */
    let answer;
    try {
      answer = await run(task);
    } catch (error) {
      answer = { refused: error instanceof Error ? error.message : String(error) };
    }
    process.send?.(answer);
  });
  process.once('disconnect', () => process.exit());
} else watch(workerData);
