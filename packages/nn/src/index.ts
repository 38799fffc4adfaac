export * from './optimiser.js';
export type { ParameterGroup } from './parameter-groups.js';
export * from './parameters.js';
export * from './random.js';
export * from './schedule.js';
export * from './transformer.js';
