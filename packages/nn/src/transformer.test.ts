import { gradients, input, interpret, multiply, sum } from '@strata/tensor';
import { describe, expect, it } from 'vitest';
import { ParameterScope, ParameterValues } from './parameters.js';
import { RandomStream } from './random.js';
import { feedForwardWidth, transformerStack, zeroLinear } from './transformer.js';

const SIZES = { width: 8, depth: 2, headCount: 2, feedForward: feedForwardWidth(8) };
const LENGTH = 5;

function stack(): { scope: ParameterScope; feeds: Record<string, ArrayLike<number>>; run(x: number[]): number[] } {
  const scope = new ParameterScope('stack');
  const hidden = transformerStack(scope, input('x', [1, LENGTH, SIZES.width]), SIZES);
  const feeds = Object.fromEntries(ParameterValues.initialise(scope.specs(), 1).views);
  return { scope, feeds, run: (x) => [...interpret({ hidden }, { ...feeds, x }).hidden] };
}

function noise(seed: number): number[] {
  const stream = new RandomStream(seed, 'input');
  return Array.from({ length: LENGTH * SIZES.width }, () => stream.normal());
}

describe('transformerStack', () => {
  it('is causal: what stands at a position changes nothing before it, and something at it', () => {
    const { run } = stack();
    const before = noise(1);
    const expected = run(before);
    for (let position = 0; position < LENGTH; position++) {
      const changed = [...before];
      changed[position * SIZES.width + 3] += 1;
      const found = run(changed);
      const cut = position * SIZES.width;
      expect(found.slice(0, cut)).toEqual(expected.slice(0, cut));
      expect(found.slice(cut, cut + SIZES.width)).not.toEqual(expected.slice(cut, cut + SIZES.width));
    }
  });

  it('knows the order of what it reads', () => {
    const { run } = stack();
    const x = noise(2);
    const swapped = [...x.slice(8, 16), ...x.slice(0, 8), ...x.slice(16)];
    const last = (values: number[]): number[] => values.slice(-SIZES.width);
    expect(last(run(swapped))).not.toEqual(last(run(x)));
  });

  it('names and shapes its parameters as Llama does at Hugging Face', () => {
    const { scope } = stack();
    const shapes = Object.fromEntries(scope.specs().map(({ name, shape }) => [name, [...shape]]));
    expect(shapes['stack.layers.1.self_attn.q_proj.weight']).toEqual([8, 8]);
    expect(shapes['stack.layers.0.mlp.down_proj.weight']).toEqual([8, SIZES.feedForward]);
    expect(shapes['stack.layers.0.input_layernorm.weight']).toEqual([8]);
    expect(shapes['stack.norm.weight']).toEqual([8]);
  });
});

describe('zeroLinear', () => {
  it('says nothing at the start and can learn', () => {
    const scope = new ParameterScope('message');
    const said = zeroLinear(scope, 'descend', input('x', [2, 3]), 4);
    const [gradient] = gradients(sum(multiply(said, said.shape[0])), scope.nodes());
    const feeds = { x: [1, 2, 3, 4, 5, 6], 'message.descend.weight': new Float32Array(12) };
    const outputs = interpret({ said, gradient }, feeds);
    expect([...outputs.said]).toEqual(new Array(8).fill(0));
    expect([...outputs.gradient].some((value) => value !== 0)).toBe(true);
  });
});
