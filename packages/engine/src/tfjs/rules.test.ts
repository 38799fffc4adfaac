// Every op and its derivative on TensorFlow.js against the float64 interpreter, in JavaScript and in WebAssembly.
// The walk goes over the table of rules itself: an op without a case fails.
import type { OpKind } from '@strata/tensor';
import { describe, it } from 'vitest';
import { expectAgreement } from '../../../../test/op-agreement.js';
import { tfjsRules } from './rules.js';

describe.each(['cpu', 'wasm'] as const)('TensorFlow.js (%s) computes what the interpreter computes', (tfjsBackend) => {
  it.each(Object.keys(tfjsRules) as OpKind[])('%s', (kind) =>
    expectAgreement(kind, { engine: 'tfjs', tfjsBackend }, 25),
  );
});
