// What differentiation promises beyond the right numbers: what it leaves out, and what it refuses.
import { describe, expect, it } from 'vitest';
import {
  crossEntropy,
  gather,
  gradients,
  input,
  interpret,
  matmul,
  mean,
  multiply,
  type Node,
  printGraph,
  reshape,
  rmsNorm,
  silu,
  slice,
  stopGradient,
  sum,
  topologicalOrder,
} from './index.js';

const kinds = (nodes: readonly Node[]) => topologicalOrder(nodes).map((node) => node.op.kind);

describe('gradients', () => {
  it('does not differentiate what is frozen', () => {
    const frozen = input('frozen', [4, 4]);
    const trained = input('trained', [4, 2]);
    const hidden = silu(matmul(input('x', [3, 4]), frozen));
    const [gradient] = gradients(sum(multiply(matmul(hidden, trained), 2)), [trained]);
    // One product forward for the frozen layer and one for the gradient of the trained one.
    expect(kinds([gradient!]).filter((kind) => kind === 'matmul')).toHaveLength(2);
    expect(kinds([gradient!])).not.toContain('sigmoid');
  });

  it('stops at stopGradient', () => {
    const x = input('x', [2]);
    const [gradient] = gradients(sum(multiply(stopGradient(x), x)), [x]);
    expect([...interpret({ gradient: gradient! }, { x: [3, 5] }).gradient!]).toEqual([3, 5]);
  });

  it('differentiates with respect to inner nodes', () => {
    const x = input('x', [2]);
    const inner = multiply(x, x);
    const [gradient] = gradients(sum(multiply(inner, inner)), [inner]);
    expect([...interpret({ gradient: gradient! }, { x: [1, 2] }).gradient!]).toEqual([2, 8]);
  });

  it('counts a node used twice twice', () => {
    const x = input('x', []);
    const [gradient] = gradients(multiply(x, x), [x]);
    expect([...interpret({ gradient: gradient! }, { x: [3] }).gradient!]).toEqual([6]);
  });

  it('joins the gradients of slices that tile an axis', () => {
    const x = input('x', [2, 6]);
    const parts = [slice(x, 1, 4, 6), slice(x, 1, 0, 2), slice(x, 1, 2, 4)] as const;
    const [gradient] = gradients(sum(multiply(multiply(parts[0], parts[1]), parts[2])), [x]);
    expect(gradient!.op.kind).toBe('concat');
  });

  it('refuses a loss that is no scalar, and what does not reach the loss', () => {
    const x = input('x', [2]);
    expect(() => gradients(x, [x])).toThrow(/the loss has the shape \[2\]; reduce it/);
    expect(() => gradients(sum(x), [input('unused', [1])])).toThrow(/input 'unused' has no gradient/);
    expect(() => gradients(sum(stopGradient(x)), [x])).toThrow(/stopGradient/);
    const ids = input('ids', [2], 'int32');
    expect(() => gradients(sum(gather(x, ids)), [ids])).toThrow(/input 'ids' has no gradient/);
  });

  it('builds graphs far deeper than the call stack', () => {
    const x = input('x', []);
    let node: Node = x;
    for (let i = 0; i < 20_000; i++) node = silu(node);
    expect(kinds(gradients(node, [x])).length).toBeGreaterThan(20_000);
  });
});

describe('printGraph', () => {
  it('shows a training step as a few lines', () => {
    const x = input('x', [2, 3, 4]);
    const gain = input('gain', [4]);
    const weight = input('weight', [5, 4]);
    const targets = input('targets', [6], 'int32');
    const hidden = matmul(rmsNorm(x, gain, 1e-5), weight, { transposeB: true });
    const loss = mean(crossEntropy(reshape(hidden, [6, 5]), targets));
    const [weightGradient] = gradients(loss, [weight]);
    expect(printGraph({ loss, weightGradient: weightGradient! })).toMatchInlineSnapshot(`
      "%0 [2, 3, 4] = input 'x'
      %1 [4] = input 'gain'
      %2 [2, 3, 4] = rmsNorm(%0, %1) {epsilon=0.00001}
      %3 [6, 4] = reshape(%2)
      %4 [5, 4] = input 'weight'
      %5 [6, 5] = matmul(%3, %4) {transposeB}
      %6 [6, 5] = logSoftmax(%5)
      %7 int32 [6] = input 'targets'
      %8 int32 [6, 1] = reshape(%7)
      %9 [6, 1] = pick(%6, %8)
      %10 [6] = reshape(%9)
      %11 [6] = negate(%10)
      %12 [] = sum(%11) {axes=[0]}
      %13 [] = constant 6
      %14 [] = divide(%12, %13)
      %15 [] = constant -1
      %16 [6, 1] = broadcastTo(%15)
      %17 [6, 5] = exp(%6)
      %18 [6, 5] = scatterPick(%8, %16, %17) {size=5}
      %19 [] = constant 0.1666666716337204
      %20 [6, 1] = broadcastTo(%19)
      %21 [6, 4] = multiply(%3, %20)
      %22 [5, 4] = matmul(%18, %21) {transposeA}
      loss: %14
      weightGradient: %22"
    `);
  });
});
