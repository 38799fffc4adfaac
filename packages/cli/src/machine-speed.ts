// How fast this machine is, measured in half a second: matrix products, and passes over memory.
// The two rates of the roofline model (Williams, Waterman & Patterson 2009), each through the engine that trains.
import { type CompileOptions, compile, type Device, DeviceError } from '@strata/engine';
import { add, input, matmul, type Node, sizeOf } from '@strata/tensor';

/** Rates of this machine. */
export interface MachineSpeed {
  /** Where they were measured: the device asked for, or `cpu` where that is not to be had. */
  readonly device: Device;
  /** Floating-point operations a second in matrix products. */
  readonly flopsPerSecond: number;
  /** Bytes of results a second in elementwise operations. */
  readonly bytesPerSecond: number;
}

// A product of about a millisecond: the longer a run is, the rarer is one that no other process interrupts.
const ROWS = 512;
const WIDTH = 256;
const VALUES = 1 << 20;

/** The least seconds that one run of a graph takes, of those that fit into `budget` seconds after one that is not counted. */
async function leastSeconds(output: Node, budget: number, options: CompileOptions): Promise<number> {
  const executable = await compile({ output }, options);
  try {
    const feeds = Object.fromEntries(
      [...executable.inputs].map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape)).fill(0.01)]),
    );
    const into = { output: new Float32Array(sizeOf(output.shape)) };
    await executable.run(feeds, into);
    const end = performance.now() + budget * 1000;
    let least = Number.POSITIVE_INFINITY;
    // Other processes can only make a run slower, so the least is the machine's own.
    do {
      const started = performance.now();
      await executable.run(feeds, into);
      least = Math.min(least, performance.now() - started);
    } while (performance.now() < end);
    return least / 1000;
  } finally {
    await executable.dispose();
  }
}

/** Measures the rates with the threads and, if it is here, the device that a configuration asks for. */
export async function measureSpeed(options: { threads: number; device: Device }): Promise<MachineSpeed> {
  const product = matmul(input('left', [ROWS, WIDTH]), input('right', [WIDTH, ROWS]));
  const pass = add(input('left', [VALUES]), input('right', [VALUES]));
  try {
    const productSeconds = await leastSeconds(product, 0.3, options);
    const passSeconds = await leastSeconds(pass, 0.15, options);
    return {
      device: options.device,
      flopsPerSecond: (2 * ROWS * WIDTH * ROWS) / productSeconds,
      bytesPerSecond: (4 * VALUES) / passSeconds,
    };
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return measureSpeed({ ...options, device: 'cpu' });
  }
}
