// Generation with caches, a piece at a time, against the products of the same step alone.
// Both hold the weights inside their session, and both read each of them once a piece: that is what bounds them.
import { type CompileOptions, compile } from '@strata/engine';
import { CachedSubword, cachedSubwordStep } from '@strata/hierarchy';
import { ParameterScope, ParameterValues } from '@strata/nn';
import { sizeOf } from '@strata/tensor';
import { productsOnly } from './matrix-products.js';
import type { StepSizes } from './reference-step.js';
import { Stopwatch, type Times } from './timing.js';

/** What a generated piece takes, in seconds. */
export interface GenerationTimes {
  readonly piece: Times;
  /** The matrix products of one piece alone. */
  readonly products: Times;
  /** Threads that were faster for a piece: products with one row give little to divide. */
  readonly threads: number;
}

/** Generates greedily, and times the products in turns with it. */
export async function timeGeneration(
  sizes: StepSizes,
  pieces: number,
  engine: CompileOptions,
): Promise<GenerationTimes> {
  const candidates = [...new Set([1, engine.threads ?? 1])];
  let best: GenerationTimes | undefined;
  for (const threads of candidates) {
    const times = await timeWith(sizes, pieces, { ...engine, threads });
    if (best === undefined || times.piece.median < best.piece.median) best = times;
  }
  return best!;
}

async function timeWith(sizes: StepSizes, pieces: number, engine: CompileOptions): Promise<GenerationTimes> {
  const capacity = sizes.length;
  const scope = new ParameterScope('subword');
  const step = cachedSubwordStep(scope, sizes.model, capacity, 1);
  const values = ParameterValues.initialise(scope.specs(), 1);
  const model = await CachedSubword.create(sizes.model, values, 'subword', { ...engine, capacity });
  const products = productsOnly(step);
  const alone = await compile(products, { ...engine, initializers: values.views });
  try {
    const feeds = Object.fromEntries(
      [...alone.inputs].map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape)).fill(0.01)]),
    );
    const into = Object.fromEntries(
      Object.entries(products).map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape))]),
    );
    const watches = { piece: new Stopwatch(), products: new Stopwatch() };
    let piece = 0;
    for (let i = 0; i < pieces; i++) {
      if (model.cache.room === 0) model.reset();
      const { logits } = await watches.piece.time(() => model.step(piece));
      piece = logits.indexOf(Math.max(...logits));
      await watches.products.time(() => alone.run(feeds, into));
    }
    return { piece: watches.piece.times(), products: watches.products.times(), threads: engine.threads ?? 1 };
  } finally {
    await model.dispose();
    await alone.dispose();
  }
}
