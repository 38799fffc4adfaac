// The one transformer block of all levels: RMSNorm (Zhang & Sennrich 2019), rotary positions (Su et al. 2021),
// SwiGLU (Shazeer 2020), pre-norm residuals. Parameter names and layouts follow Llama as published by Hugging Face.
// Norm and positions can be chosen otherwise: norms.ts, positions.ts.
import { add, gather, matmul, multiply, type Node, reshape, rotary, silu, transpose } from '@strata/tensor';
import { causalAttention } from './attention.js';
import { type NormName, stackNorm } from './norms.js';
import { normal, type ParameterScope, zeros } from './parameters.js';
import { alibiSlopes, type PositionsName, rotaryTables } from './positions.js';

/** What a stack is made of besides its sizes; left out, RMSNorm and rotary positions. */
export interface StackChoices {
  readonly norm?: NormName | undefined;
  readonly positions?: PositionsName | undefined;
}

/** Sizes of a stack; `feedForward` is the inner width of SwiGLU. */
export interface StackSizes extends StackChoices {
  readonly width: number;
  readonly depth: number;
  readonly headCount: number;
  readonly feedForward: number;
}

/** The customary inner width: 8/3 of the width (Shazeer 2020, section 2), rounded up to a multiple of 16. */
export function feedForwardWidth(width: number): number {
  return Math.ceil((width * 8) / 3 / 16) * 16;
}

/** y = x Wᵀ without bias: x [..., in] -> [..., out]; weight [out, in]. */
export function linear(
  scope: ParameterScope,
  name: string,
  x: Node,
  outWidth: number,
  initial = normal(x.shape[x.shape.length - 1] ** -0.5),
): Node {
  const weight = scope.parameter(`${name}.weight`, [outWidth, x.shape[x.shape.length - 1]], initial);
  return matmul(x, weight, { transposeB: true });
}

/** A linear layer that starts at zero, so that what it adds changes nothing until it has learned something. */
export function zeroLinear(scope: ParameterScope, name: string, x: Node, outWidth: number): Node {
  return linear(scope, name, x, outWidth, zeros);
}

/** Steps of the optimiser are small against a gate that has to travel from 0 to 1: its parameter counts so many times. */
const GATE_GAIN = 30;

/** Multiplies each axis of x [..., D] by a learned number that starts at zero. */
export function zeroGate(scope: ParameterScope, name: string, x: Node): Node {
  return multiply(x, multiply(scope.parameter(name, [x.shape[x.shape.length - 1]], zeros), GATE_GAIN));
}

/** Rows of a table [count, width] for int32 indices of any shape. */
export function embedding(
  scope: ParameterScope,
  name: string,
  indices: Node,
  count: number,
  width: number,
  initial = normal(0.02),
): Node {
  return gather(scope.parameter(`${name}.weight`, [count, width], initial), indices);
}

/** Queries, keys and values of one layer, split into heads and not yet turned by their positions: [B, H, T, K]. */
export interface Heads {
  readonly query: Node;
  readonly key: Node;
  readonly value: Node;
}

/** What a layer takes from the positions it sees: [B, H, T, K]. */
export type Attend = (heads: Heads, layer: number) => Node;

function attention(scope: ParameterScope, x: Node, sizes: StackSizes, attend: (heads: Heads) => Node): Node {
  const { shape } = x;
  const [batch, length, width] = shape.length === 2 ? [1, ...shape] : shape;
  const headWidth = width / sizes.headCount;
  const heads = (name: string): Node => {
    const mixed = linear(scope, name, x, width);
    // One position lies in memory as its heads do.
    if (length === 1) return reshape(mixed, [batch, sizes.headCount, 1, headWidth]);
    return transpose(reshape(mixed, [batch, length, sizes.headCount, headWidth]), [0, 2, 1, 3]);
  };
  const mixed_BHTK = attend({ query: heads('q_proj'), key: heads('k_proj'), value: heads('v_proj') });
  const joined = reshape(length === 1 ? mixed_BHTK : transpose(mixed_BHTK, [0, 2, 1, 3]), shape);
  return linear(scope, 'o_proj', joined, width, normal((2 * sizes.depth * width) ** -0.5));
}

function swiglu(scope: ParameterScope, x_BTD: Node, sizes: StackSizes): Node {
  const gate_BTF = silu(linear(scope, 'gate_proj', x_BTD, sizes.feedForward));
  const up_BTF = linear(scope, 'up_proj', x_BTD, sizes.feedForward);
  const outInitial = normal((2 * sizes.depth * sizes.feedForward) ** -0.5);
  return linear(scope, 'down_proj', multiply(gate_BTF, up_BTF), sizes.width, outInitial);
}

/** The layers of a stack without a final norm, [B, T, D] or [T, D] to the same, whatever each position attends to. */
export function transformerBlocks(scope: ParameterScope, x_BTD: Node, sizes: StackSizes, attend: Attend): Node {
  const norm = stackNorm(scope, sizes.norm);
  let hidden_BTD = x_BTD;
  for (let layer = 0; layer < sizes.depth; layer++) {
    const block = scope.scope(`layers.${layer}`);
    scope.layerInput(hidden_BTD);
    const normed = norm(block, 'input_layernorm', hidden_BTD);
    hidden_BTD = add(
      hidden_BTD,
      attention(block.scope('self_attn'), normed, sizes, (heads) => attend(heads, layer)),
    );
    const fed = swiglu(block.scope('mlp'), norm(block, 'post_attention_layernorm', hidden_BTD), sizes);
    hidden_BTD = add(hidden_BTD, fed);
  }
  return hidden_BTD;
}

/** The layers of a stack and its final norm, [B, T, D] or [T, D] to the same. */
export function transformerLayers(scope: ParameterScope, x_BTD: Node, sizes: StackSizes, attend: Attend): Node {
  return stackNorm(scope, sizes.norm)(scope, 'norm', transformerBlocks(scope, x_BTD, sizes, attend));
}

/** Builds a stack over [B, T, D]: the whole window at once, or one step of it on top of what is kept. */
export type StackBuilder = (scope: ParameterScope, x_BTD: Node, sizes: StackSizes) => Node;

/** Attention over a whole window of `length`, by what tells its positions apart. */
const windowAttend: Readonly<Record<PositionsName, (length: number, sizes: StackSizes) => Attend>> = {
  rotary: (length, { width, headCount }) => {
    const { cos, sin } = rotaryTables(length, width / headCount);
    return ({ query, key, value }) => causalAttention(rotary(query, cos, sin), rotary(key, cos, sin), value);
  },
  alibi: (_length, { headCount }) => {
    const slopes = alibiSlopes(headCount);
    return ({ query, key, value }) => causalAttention(query, key, value, { slopes });
  },
  none:
    () =>
    ({ query, key, value }) =>
      causalAttention(query, key, value),
};

/** A causal stack with a final norm: [B, T, D] -> [B, T, D]; position t depends on positions up to t only. */
export function transformerStack(scope: ParameterScope, x_BTD: Node, sizes: StackSizes): Node {
  const attend = windowAttend[sizes.positions ?? 'rotary'](x_BTD.shape[1]!, sizes);
  return transformerLayers(scope, x_BTD, sizes, attend);
}
