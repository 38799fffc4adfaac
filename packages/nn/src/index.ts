export * from './optimiser.js';
export * from './parameters.js';
export * from './random.js';
export * from './schedule.js';
export * from './transformer.js';
