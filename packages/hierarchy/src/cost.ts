// What a graph costs: floating-point operations of its matrix products (multiply and add counted apart, as in Kaplan
// et al. 2020), and memory of its values. Counted node by node on the graph that runs, so nothing is estimated.
import { isKind, type Node, sizeOf, topologicalOrder } from '@strata/tensor';

/** FLOPs of all matrix products that the outputs depend on. */
export function matrixFlops(outputs: Record<string, Node>): number {
  let flops = 0;
  for (const node of topologicalOrder(Object.values(outputs))) {
    if (!isKind(node, 'matmul')) continue;
    const left = node.inputs[0].shape;
    const inner = left[left.length - (node.op.transposeA ? 2 : 1)];
    flops += 2 * sizeOf(node.shape) * inner;
  }
  return flops;
}

/** Bytes of all values of a graph if none were freed: an upper bound of a session's working memory. */
export function valueBytes(outputs: Record<string, Node>): number {
  let bytes = 0;
  for (const node of topologicalOrder(Object.values(outputs)))
    if (!isKind(node, 'reshape') && !isKind(node, 'input')) bytes += 4 * sizeOf(node.shape);
  return bytes;
}
