// Recomputation changes when and how often values are computed, never what comes out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  gradients,
  input,
  interpret,
  isKind,
  matmul,
  type Node,
  rmsNorm,
  silu,
  sum,
  tanh,
  topologicalOrder,
} from './index.js';

const WIDTH = 3;

/** A residual stack; a layer may also read the stack's very first value, across all kept nodes. */
function stack(depth: number, skips: boolean): { loss: Node; weights: Node[]; layerInputs: Node[] } {
  const first = tanh(input('x', [2, WIDTH]));
  const weights: Node[] = [];
  const layerInputs: Node[] = [];
  const gain = input('gain', [WIDTH]);
  let hidden = first;
  for (let layer = 0; layer < depth; layer++) {
    layerInputs.push(hidden);
    const weight = input(`w${layer}`, [WIDTH, WIDTH]);
    weights.push(weight);
    const inner = silu(matmul(rmsNorm(hidden, gain, 1e-5), weight));
    hidden = add(hidden, skips ? matmul(add(inner, first), weight) : matmul(inner, weight));
  }
  return { loss: sum(tanh(hidden)), weights: [...weights, gain], layerInputs };
}

const named = (nodes: readonly Node[]): Record<string, Node> =>
  Object.fromEntries(nodes.map((node, i) => [`g${i}`, node]));

describe('gradients with keptOnly', () => {
  it('gives the same numbers as keeping everything', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 60, maxLength: 60 }),
      (depth, skips, numbers) => {
        const { loss, weights, layerInputs } = stack(depth, skips);
        const feeds: Record<string, number[]> = { x: numbers.slice(0, 6), gain: numbers.slice(6, 9) };
        for (let layer = 0; layer < depth; layer++) feeds[`w${layer}`] = numbers.slice(9 + layer * 9, 18 + layer * 9);
        const kept = interpret(named(gradients(loss, weights)), feeds);
        const again = interpret(named(gradients(loss, weights, { keptOnly: layerInputs })), feeds);
        for (const [name, values] of Object.entries(kept)) expect([...again[name]!]).toEqual([...values]);
      },
    );
    fc.assert(property, { numRuns: 50 });
  });

  it('computes every layer but the last one twice, starting from its kept input', () => {
    const { loss, weights, layerInputs } = stack(4, false);
    const products = (nodes: readonly Node[]): number =>
      topologicalOrder([loss, ...nodes]).filter((node) => isKind(node, 'matmul')).length;
    const once = products(gradients(loss, weights));
    // The last product of a layer is its result: nothing behind it reads it, so only the first one comes again.
    expect(products(gradients(loss, weights, { keptOnly: layerInputs }))).toBe(once + 3);
  });

  it('reads no inner value of a layer that is computed again', () => {
    const { loss, weights, layerInputs } = stack(3, false);
    const forward = new Set(topologicalOrder([loss]));
    const backward = topologicalOrder(gradients(loss, weights, { keptOnly: layerInputs }));
    const inner = backward
      .filter((node) => !forward.has(node))
      .flatMap((node) => node.inputs)
      .filter((node) => forward.has(node) && isKind(node, 'silu'));
    // The last layer is still at hand when the way back begins.
    expect(new Set(inner).size).toBe(1);
  });
});
