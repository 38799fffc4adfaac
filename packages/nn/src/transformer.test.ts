import { gradients, input, interpret, multiply, printGraph, sum } from '@strata/tensor';
import { describe, expect, it } from 'vitest';
import { NORMS } from './norms.js';
import { ParameterScope, ParameterValues } from './parameters.js';
import { POSITIONS } from './positions.js';
import { RandomStream } from './random.js';
import { feedForwardWidth, type StackChoices, transformerStack, zeroLinear } from './transformer.js';

const SIZES = { width: 8, depth: 2, headCount: 2, feedForward: feedForwardWidth(8) };
const LENGTH = 5;

const CHOICES: readonly StackChoices[] = NORMS.flatMap((norm) => POSITIONS.map((positions) => ({ norm, positions })));

function stack(choices?: StackChoices): { scope: ParameterScope; run(x: number[]): number[] } {
  const scope = new ParameterScope('stack');
  const hidden = transformerStack(scope, input('x', [1, LENGTH, SIZES.width]), { ...SIZES, ...choices });
  const feeds = Object.fromEntries(ParameterValues.initialise(scope.specs(), 1).views);
  return { scope, run: (x) => [...interpret({ hidden }, { ...feeds, x }).hidden] };
}

function noise(seed: number): number[] {
  const stream = new RandomStream(seed, 'input');
  return Array.from({ length: LENGTH * SIZES.width }, () => stream.normal());
}

describe.each(CHOICES)('transformerStack with $norm norm and $positions positions', (choices) => {
  it('is causal: what stands at a position changes nothing before it, and something at it', () => {
    const { run } = stack(choices);
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
    const { run } = stack(choices);
    const x = noise(2);
    const swapped = [...x.slice(8, 16), ...x.slice(0, 8), ...x.slice(16)];
    const last = (values: number[]): number[] => values.slice(-SIZES.width);
    expect(last(run(swapped))).not.toEqual(last(run(x)));
  });

  it('has parameters that AdamW takes by default: only matrices decay', () => {
    for (const { name, shape, decay } of stack(choices).scope.specs()) expect(decay, name).toBe(shape.length === 2);
  });
});

describe('transformerStack', () => {
  it('has RMSNorm and rotary positions where nothing is said, in the graph that it always had', () => {
    const graph = (choices: StackChoices): string => {
      const x = input('x', [1, 3, 4]);
      const sizes = { width: 4, depth: 1, headCount: 2, feedForward: 16, ...choices };
      return printGraph({ hidden: transformerStack(new ParameterScope('s'), x, sizes) });
    };
    expect(graph({ norm: 'rms', positions: 'rotary' })).toBe(graph({}));
    expect(graph({})).toMatchInlineSnapshot(`
      "%0 [1, 3, 4] = input 'x'
      %1 [4] = input 's.layers.0.input_layernorm.weight'
      %2 [1, 3, 4] = rmsNorm(%0, %1) {epsilon=0.00001}
      %3 [3, 4] = reshape(%2)
      %4 [4, 4] = input 's.layers.0.self_attn.q_proj.weight'
      %5 [3, 4] = matmul(%3, %4) {transposeB}
      %6 [1, 3, 2, 2] = reshape(%5)
      %7 [1, 2, 3, 2] = transpose(%6) {permutation=[0, 2, 1, 3]}
      %8 [3, 1] = constant [1, 0.5403022766113281, -0.416146844625473]
      %9 [3, 1] = constant [0, 0.8414709568023682, 0.9092974066734314]
      %10 [1, 2, 3, 2] = rotary(%7, %8, %9)
      %11 [3, 4] = reshape(%2)
      %12 [4, 4] = input 's.layers.0.self_attn.k_proj.weight'
      %13 [3, 4] = matmul(%11, %12) {transposeB}
      %14 [1, 3, 2, 2] = reshape(%13)
      %15 [1, 2, 3, 2] = transpose(%14) {permutation=[0, 2, 1, 3]}
      %16 [1, 2, 3, 2] = rotary(%15, %8, %9)
      %17 [1, 2, 3, 3] = matmul(%10, %16) {transposeB, scale=0.7071067811865475}
      %18 [3, 3] = constant [0, -1000000000, -1000000000, ...]
      %19 [1, 2, 3, 3] = add(%17, %18)
      %20 [1, 2, 3, 3] = softmax(%19)
      %21 [3, 4] = reshape(%2)
      %22 [4, 4] = input 's.layers.0.self_attn.v_proj.weight'
      %23 [3, 4] = matmul(%21, %22) {transposeB}
      %24 [1, 3, 2, 2] = reshape(%23)
      %25 [1, 2, 3, 2] = transpose(%24) {permutation=[0, 2, 1, 3]}
      %26 [1, 2, 3, 2] = matmul(%20, %25)
      %27 [1, 3, 2, 2] = transpose(%26) {permutation=[0, 2, 1, 3]}
      %28 [3, 4] = reshape(%27)
      %29 [4, 4] = input 's.layers.0.self_attn.o_proj.weight'
      %30 [3, 4] = matmul(%28, %29) {transposeB}
      %31 [1, 3, 4] = reshape(%30)
      %32 [1, 3, 4] = add(%0, %31)
      %33 [4] = input 's.layers.0.post_attention_layernorm.weight'
      %34 [1, 3, 4] = rmsNorm(%32, %33) {epsilon=0.00001}
      %35 [3, 4] = reshape(%34)
      %36 [16, 4] = input 's.layers.0.mlp.gate_proj.weight'
      %37 [3, 16] = matmul(%35, %36) {transposeB}
      %38 [1, 3, 16] = reshape(%37)
      %39 [1, 3, 16] = silu(%38)
      %40 [3, 4] = reshape(%34)
      %41 [16, 4] = input 's.layers.0.mlp.up_proj.weight'
      %42 [3, 16] = matmul(%40, %41) {transposeB}
      %43 [1, 3, 16] = reshape(%42)
      %44 [1, 3, 16] = multiply(%39, %43)
      %45 [3, 16] = reshape(%44)
      %46 [4, 16] = input 's.layers.0.mlp.down_proj.weight'
      %47 [3, 4] = matmul(%45, %46) {transposeB}
      %48 [1, 3, 4] = reshape(%47)
      %49 [1, 3, 4] = add(%32, %48)
      %50 [4] = input 's.norm.weight'
      %51 [1, 3, 4] = rmsNorm(%49, %50) {epsilon=0.00001}
      hidden: %51"
    `);
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
