export * from './level.js';
export * from './segmentation.js';
