// What a graph costs: floating-point operations of its matrix products (multiply and add counted apart, as in Kaplan
// et al. 2020), and memory of its values. Counted node by node on the graph that runs, so nothing is estimated.
import { ParameterScope } from '@strata/nn';
import { type SubwordSizes, subwordInputNats } from '@strata/subword';
import { isKind, type Node, sizeOf, topologicalOrder } from '@strata/tensor';
import type { Config } from './config.js';
import { type LadderInventory, ladderScopes, type UpperLevel, windowShape } from './ladder-scopes.js';
import { unitNats } from './objective.js';

/** FLOPs of all matrix products that the outputs depend on; equal products count once, since the engine merges them. */
export function matrixFlops(outputs: Record<string, Node>): number {
  let flops = 0;
  for (const node of distinctNodes(outputs)) {
    if (!isKind(node, 'matmul')) continue;
    const left = node.inputs[0].shape;
    const inner = left[left.length - (node.op.transposeA ? 2 : 1)];
    flops += 2 * sizeOf(node.shape) * inner;
  }
  return flops;
}

/** Bytes that all but matrix products write, whose time has their results in it; equal values once, as in matrixFlops. */
export function passBytes(outputs: Record<string, Node>): number {
  let bytes = 0;
  for (const node of distinctNodes(outputs)) if (!UNWRITTEN.has(node.op.kind)) bytes += 4 * sizeOf(node.shape);
  return bytes;
}

const UNWRITTEN: ReadonlySet<Node['op']['kind']> = new Set(['matmul', 'reshape', 'input', 'constant']);

/** The nodes that the outputs depend on, of equal ones the first. */
function* distinctNodes(outputs: Record<string, Node>): Generator<Node> {
  const numbers = new Map<Node, number>();
  const known = new Map<string, number>();
  for (const node of topologicalOrder(Object.values(outputs))) {
    const key = identityOf(node, numbers);
    const number = known.get(key);
    numbers.set(node, number ?? known.size);
    if (number !== undefined) continue;
    known.set(key, known.size);
    yield node;
  }
}

/** What makes a node the same as another: its operation, and the numbers of its inputs. */
function identityOf({ op, inputs }: Node, numbers: Map<Node, number>): string {
  if (op.kind === 'input') return `input ${op.name}`;
  // Large constants are the same only where they are one array.
  if (op.kind === 'constant' && op.values.length > 1) return `constant ${numbers.size}`;
  return JSON.stringify([op, inputs.map((node) => numbers.get(node))]);
}

/** FLOPs of reading one window with a model of pieces, of scope `name`: what inference costs. */
export function pieceInferenceFlops(name: string, sizes: SubwordSizes, length: number): number {
  return matrixFlops({ nats: subwordInputNats(new ParameterScope(name), sizes, 1, length) });
}

/** FLOPs of reading one window of units with the ladder up to `top`, the frozen base included. */
export function ladderInferenceFlops(config: Config, inventory: LadderInventory, top: UpperLevel): number {
  const { boundary, lemma, features, casing, gap, spelling } = unitNats(
    ladderScopes(),
    config,
    inventory,
    top,
    windowShape(config, 1),
  );
  return matrixFlops({ boundary, lemma, features, casing, gap, spelling });
}

/** Bytes of all values of a graph if none were freed: an upper bound of a session's working memory. */
export function valueBytes(outputs: Record<string, Node>): number {
  let bytes = 0;
  for (const node of topologicalOrder(Object.values(outputs)))
    if (!isKind(node, 'reshape') && !isKind(node, 'input')) bytes += 4 * sizeOf(node.shape);
  return bytes;
}
