export * from './codebook.js';
export * from './model.js';
