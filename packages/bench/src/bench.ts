// The benchmark: the parts of a training step and of generation, timed in turns within one process, against the matrix
// products that they cannot do without. From: Strata, ENGINE (what limits the engine), STYLE (ratios in one run).
import { cpus, totalmem } from 'node:os';
import type { CompileOptions, KernelTime } from '@strata/engine';
import { type GenerationTimes, timeGeneration } from './generation.js';
import { matrixProducts, secondsOfProducts } from './matrix-products.js';
import { timeOtherEngine } from './other-engine.js';
import { REFERENCE, ReferenceStep, type StepSizes } from './reference-step.js';
import { Stopwatch, type Times } from './timing.js';

/** What is measured, and how long. */
export interface BenchOptions {
  readonly sizes?: StepSizes;
  readonly threads: number;
  /** Rounds in which each part is timed once. */
  readonly rounds: number;
  /** Pieces generated. */
  readonly pieces: number;
  /** Skip the one step on TensorFlow.js WebAssembly, which takes most of the benchmark's time. */
  readonly skipTfjs?: boolean;
  /** Told what is being measured, and how much of the whole is done, from 0 to 1. */
  readonly onProgress?: (what: string, share: number) => void;
}

/** What the benchmark found; times in seconds. */
export interface BenchResult {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly threads: number;
    readonly memoryBytes: number;
    readonly node: string;
  };
  readonly sizes: StepSizes;
  readonly parameters: number;
  readonly step: {
    readonly forwardBackward: Times;
    readonly optimiser: Times;
    readonly whole: Times;
    /** The step's matrix products alone. */
    readonly products: Times;
    readonly productFlops: number;
    /** The least over the least, and the median over the median. */
    readonly ratio: Ratio;
    readonly optimiserShare: Ratio;
    /** Most memory that the process had while only the step ran. */
    readonly peakBytes: number;
    readonly piecesPerSecond: number;
    /** Kernels of one step by time, longest first, by the engine's own profile; milliseconds a step. */
    readonly kernels: readonly KernelTime[];
  };
  readonly generation: GenerationTimes & { readonly ratio: Ratio };
  /** One step on TensorFlow.js's WebAssembly backend, or why there is none. */
  readonly tfjs: { readonly seconds: number; readonly timesSlower: number } | { readonly skipped: string };
}

/** How two times compare: their least, and their median. */
export interface Ratio {
  readonly least: number;
  readonly median: number;
}

const ratioOf = (a: Times, b: Times): Ratio => ({ least: a.least / b.least, median: a.median / b.median });

/** Steps of which only memory is read, before anything else takes some. */
const MEMORY_STEPS = 3;
const PROFILED_STEPS = 3;

/** Measures everything; about a minute for the reference, and most of another for TensorFlow.js. */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { sizes = REFERENCE, threads, rounds, onProgress = () => {} } = options;
  const engine: CompileOptions = { threads };
  const tell = (what: string, share: number): void => onProgress(what, share);

  tell('training step', 0);
  const step = await ReferenceStep.create(sizes, engine);
  const parameters = step.values.flat.length;
  for (let i = 0; i < MEMORY_STEPS; i++) {
    await step.run();
    await step.update();
  }
  const peakBytes = process.resourceUsage().maxRSS * 1024;

  const products = matrixProducts(step.objective.outputs);
  const watches = {
    forwardBackward: new Stopwatch(),
    optimiser: new Stopwatch(),
    whole: new Stopwatch(),
    products: new Stopwatch(),
  };
  const leastProducts = products.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    tell('training step and its products', (0.5 * round) / rounds);
    await watches.forwardBackward.time(() => step.run());
    await watches.optimiser.time(() => step.update());
    watches.whole.add(watches.forwardBackward.latest + watches.optimiser.latest);
    const seconds = await secondsOfProducts(products, engine);
    watches.products.add(seconds.reduce((sum, value) => sum + value, 0));
    for (const [i, value] of seconds.entries()) leastProducts[i] = Math.min(leastProducts[i]!, value);
  }
  await step.dispose();

  tell('where the time goes', 0.5);
  const kernels = await profileStep(sizes, engine);
  tell('generation with caches', 0.55);
  const generation = await timeGeneration(sizes, options.pieces, engine);
  tell('TensorFlow.js WebAssembly, one step', 0.65);
  const whole = watches.whole.times();
  const tfjs = options.skipTfjs === true ? { skipped: 'as asked' } : await timeOtherEngine(sizes, whole.median);
  tell('done', 1);

  // The limit is what each product takes at its best, whenever that was.
  const productTimes = { ...watches.products.times(), least: leastProducts.reduce((sum, value) => sum + value, 0) };
  const optimiser = watches.optimiser.times();
  return {
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      threads,
      memoryBytes: totalmem(),
      node: process.versions.node,
    },
    sizes,
    parameters,
    step: {
      forwardBackward: watches.forwardBackward.times(),
      optimiser,
      whole,
      products: productTimes,
      productFlops: products.reduce((sum, product) => sum + product.count * product.flops, 0),
      ratio: ratioOf(whole, productTimes),
      optimiserShare: ratioOf(optimiser, whole),
      peakBytes,
      piecesPerSecond: (sizes.windows * sizes.length) / whole.median,
      kernels,
    },
    generation: { ...generation, ratio: ratioOf(generation.piece, generation.products) },
    tfjs,
  };
}

/** Kernel times of one step, by the engine's own profile. */
async function profileStep(sizes: StepSizes, engine: CompileOptions): Promise<KernelTime[]> {
  const step = await ReferenceStep.create(sizes, { ...engine, profile: true });
  try {
    for (let i = 0; i < PROFILED_STEPS; i++) await step.run();
    return (await step.executable.endProfile()).map(({ kernel, calls, milliseconds, flops }) => ({
      kernel,
      calls: calls / PROFILED_STEPS,
      milliseconds: milliseconds / PROFILED_STEPS,
      flops: flops / PROFILED_STEPS,
    }));
  } finally {
    await step.dispose();
  }
}
