// Every op and its derivative on onnxruntime against the float64 interpreter.
// The walk goes over the table of emit rules itself: an op without a case fails.
import type { OpKind } from '@strata/tensor';
import { describe, it } from 'vitest';
import { expectAgreement } from '../../../test/op-agreement.js';
import { emitRules } from './emitRules.js';

describe('onnxruntime computes what the interpreter computes', () => {
  it.each(Object.keys(emitRules) as OpKind[])('%s', (kind) => expectAgreement(kind, {}, 25));
});
