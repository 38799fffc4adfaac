// How fast this machine is, measured in half a second: matrix products, and passes over memory.
// The two rates of the roofline model (Williams, Waterman & Patterson 2009), each through the engine that trains.
import { type CompileOptions, compile } from '@strata/engine';
import { add, input, matmul, type Node, sizeOf } from '@strata/tensor';

/** Rates of this machine. */
export interface MachineSpeed {
  /** Floating-point operations a second in matrix products. */
  readonly flopsPerSecond: number;
  /** Bytes of results a second in elementwise operations. */
  readonly bytesPerSecond: number;
}

const ROWS = 1024;
const WIDTH = 256;
const VALUES = 1 << 20;

/** Runs of a graph a second, over about `seconds` after one run that is not counted. */
async function runsPerSecond(output: Node, seconds: number, options: CompileOptions): Promise<number> {
  const executable = await compile({ output }, options);
  try {
    const feeds = Object.fromEntries(
      [...executable.inputs].map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape)).fill(0.01)]),
    );
    const into = { output: new Float32Array(sizeOf(output.shape)) };
    await executable.run(feeds, into);
    const started = performance.now();
    let runs = 0;
    let elapsed = 0;
    for (; elapsed < seconds * 1000; elapsed = performance.now() - started) {
      await executable.run(feeds, into);
      runs++;
    }
    return (runs * 1000) / elapsed;
  } finally {
    await executable.dispose();
  }
}

/** Measures the rates with the threads and the device that a configuration asks for. */
export async function measureSpeed(options: CompileOptions): Promise<MachineSpeed> {
  const product = matmul(input('left', [ROWS, WIDTH]), input('right', [WIDTH, ROWS]));
  const pass = add(input('left', [VALUES]), input('right', [VALUES]));
  const products = await runsPerSecond(product, 0.3, options);
  const passes = await runsPerSecond(pass, 0.15, options);
  return { flopsPerSecond: products * 2 * ROWS * WIDTH * ROWS, bytesPerSecond: passes * 4 * VALUES };
}
