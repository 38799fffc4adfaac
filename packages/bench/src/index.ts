// How fast the engine is, against its own limit; see ARCHITECTURE.md, "bench".
export { type BenchOptions, type BenchResult, bench, type Ratio } from './bench.js';
export type { GenerationTimes } from './generation.js';
export { REFERENCE, type StepSizes } from './reference-step.js';
export type { Times } from './timing.js';
