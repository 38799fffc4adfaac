// Assembles kernels/optimiser.wat into src/optimiser-binary.ts: WebAssembly as text in the tree, as bytes in the package.
// Run after a change of the source: node packages/nn/scripts/build-kernels.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { assemble, moduleText } from './assemble.mjs';

const source = readFileSync(new URL('../kernels/optimiser.wat', import.meta.url), 'utf8');
writeFileSync(new URL('../src/optimiser-binary.ts', import.meta.url), moduleText(source, await assemble(source)));
