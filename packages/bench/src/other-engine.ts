// The same training step through TensorFlow.js's WebAssembly backend: what a project in JavaScript would have otherwise.
import { EngineError } from '@strata/engine';
import { ReferenceStep, type StepSizes } from './reference-step.js';
import { Stopwatch } from './timing.js';

/** Seconds of one step there, and how many times those of `seconds`; or why it could not be run. */
export async function timeOtherEngine(
  sizes: StepSizes,
  seconds: number,
): Promise<{ readonly seconds: number; readonly timesSlower: number } | { readonly skipped: string }> {
  let step: ReferenceStep;
  try {
    step = await ReferenceStep.create(sizes, { engine: 'tfjs', tfjsBackend: 'wasm' });
  } catch (error) {
    if (error instanceof EngineError) return { skipped: error.message };
    throw error;
  }
  try {
    const watch = new Stopwatch();
    await watch.time(() => step.run());
    return { seconds: watch.latest, timesSlower: watch.latest / seconds };
  } finally {
    await step.dispose();
  }
}
