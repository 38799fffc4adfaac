export * from './checkpoint.js';
export * from './loop.js';
export * from './metrics.js';
export * from './progress.js';
export * from './stage.js';
export { optimiserFlops } from './stage-optimiser.js';
export * from './stages.js';
export { firstTexts } from './validation-data.js';
