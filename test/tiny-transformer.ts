// A tiny transformer with loss and gradients, for tests that need a whole graph of known sizes and with every kind of layer.
import {
  add,
  constant,
  crossEntropy,
  gather,
  gradients,
  input,
  matmul,
  mean,
  multiply,
  type Node,
  reshape,
  rmsNorm,
  rotary,
  silu,
  sizeOf,
  softmax,
  transpose,
} from '@strata/tensor';

/** A number in (-1, 1) that depends on all bits of a counter: feeds need to be generic, not random. */
export const generic = (counter: number) => (Math.sin(counter * 12.9898 + 4.1414) * 43758.5453) % 1;

/** One transformer block with tied embeddings, and its loss: B = 2, T = 5, D = 8, H = 2, K = 4, V = 11, F = 7. */
export function tinyTransformer(): { outputs: Record<string, Node>; feeds: Record<string, Float32Array | Int32Array> } {
  const [B, T, D, H, K, V, F] = [2, 5, 8, 2, 4, 11, 7] as const;
  const parameters: Record<string, Node> = {};
  const parameter = (name: string, ...shape: number[]) => (parameters[name] = input(name, shape));
  const heads = (x_ND: Node) => transpose(reshape(x_ND, [B, T, H, K]), [0, 2, 1, 3]);
  const angles = Float32Array.from({ length: (T * K) / 2 }, (_, i) => i / 3);
  const cos = constant(angles.map(Math.cos), [T, K / 2]);
  const sin = constant(angles.map(Math.sin), [T, K / 2]);
  const mask = constant(
    Float32Array.from({ length: T * T }, (_, i) => (i % T > Math.floor(i / T) ? -1e9 : 0)),
    [T, T],
  );

  const embedding = parameter('embedding', V, D);
  const x_ND = gather(embedding, input('ids', [B * T], 'int32'));
  const normed_ND = rmsNorm(x_ND, parameter('attentionGain', D), 1e-5);
  const [q, k, v] = ['query', 'key', 'value'].map((name) => heads(matmul(normed_ND, parameter(name, D, D)))) as [
    Node,
    Node,
    Node,
  ];
  const scores = matmul(rotary(q, cos, sin), rotary(k, cos, sin), { transposeB: true, scale: K ** -0.5 });
  const attended = matmul(softmax(add(scores, mask)), v);
  const merged_ND = reshape(transpose(attended, [0, 2, 1, 3]), [B * T, D]);
  const hidden_ND = add(x_ND, matmul(merged_ND, parameter('out', D, D)));
  const fed_ND = rmsNorm(hidden_ND, parameter('feedGain', D), 1e-5);
  const gated_NF = multiply(silu(matmul(fed_ND, parameter('gate', D, F))), matmul(fed_ND, parameter('up', D, F)));
  const top_ND = add(hidden_ND, matmul(gated_NF, parameter('down', F, D)));
  const logits_NV = matmul(rmsNorm(top_ND, parameter('finalGain', D), 1e-5), embedding, { transposeB: true });
  const loss = mean(crossEntropy(logits_NV, input('targets', [B * T], 'int32')));

  const names = Object.keys(parameters);
  const found = gradients(loss, Object.values(parameters));
  const feeds: Record<string, Float32Array | Int32Array> = {
    ids: Int32Array.from({ length: B * T }, (_, i) => (i * 7) % V),
    targets: Int32Array.from({ length: B * T }, (_, i) => (i * 3 + 1) % V),
  };
  names.forEach((name, at) => {
    feeds[name] = Float32Array.from({ length: sizeOf(parameters[name]!.shape) }, (_, i) => generic(at * 997 + i));
  });
  // Gradients carry the names of their parameters.
  return { outputs: { loss, ...Object.fromEntries(names.map((name, i) => [name, found[i]!])) }, feeds };
}
