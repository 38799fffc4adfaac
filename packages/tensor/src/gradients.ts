// Reverse-mode differentiation: one walk from the loss back to what was asked for, over the table of derivatives.
// Only nodes on a path from `wrt` to the loss are visited, so a frozen part of the same graph costs nothing.
import { GradientError } from './errors.js';
import { accumulate, gradientRules } from './gradientRules.js';
import { broadcastTo } from './movement.js';
import type { Node, Op } from './op.js';
import { Recomputation } from './recompute.js';
import { constant } from './sources.js';
import { topologicalOrder } from './topologicalOrder.js';

type AnyRule = (context: { node: Node; op: Op; inputs: readonly Node[]; gradient: Node }) => readonly (Node | null)[];

function describe(node: Node): string {
  return node.op.kind === 'input' ? `the input '${node.op.name}'` : `a node of kind ${node.op.kind}`;
}

/** How a backward pass is built. */
export interface GradientOptions {
  /**
   * Nodes whose values are kept for the backward pass while everything between them is computed again: usually the inputs
   * of a stack's layers. The numbers stay the same; about a third more work, and memory for one layer instead of all
   * (Chen et al. 2016). None by default: then all values are kept.
   */
  readonly keptOnly?: readonly Node[];
}

/**
 * The gradient of a scalar loss with respect to each node of `wrt`, of that node's shape.
 * Throws GradientError when the loss is no scalar, or a node of `wrt` does not reach it or is of type int32.
 */
export function gradients(loss: Node, wrt: readonly Node[], options: GradientOptions = {}): Node[] {
  if (loss.shape.length > 0) {
    throw new GradientError(
      `the loss has the shape [${loss.shape.join(', ')}]; reduce it to a scalar with sum or mean`,
    );
  }
  const asked = new Set(wrt);
  const order = topologicalOrder([loss]);
  const needed = new Set<Node>();
  for (const node of order) {
    const flows =
      typeof gradientRules[node.op.kind] === 'function' && node.inputs.some((operand) => needed.has(operand));
    if (node.dtype === 'float32' && (flows || asked.has(node))) needed.add(node);
  }

  const recomputation = new Recomputation(order, options.keptOnly ?? []);
  const terms = new Map<Node, Node[]>(needed.has(loss) ? [[loss, [constant(1)]]] : []);
  const result = new Map<Node, Node>();
  for (const node of order.reverse()) {
    const reaching = terms.get(node);
    if (reaching === undefined) continue;
    const gradient = accumulate(reaching);
    if (asked.has(node)) result.set(node, gradient);
    recomputation.reached(node, gradient);
    const rule = gradientRules[node.op.kind];
    if (typeof rule !== 'function' || !node.inputs.some((operand) => needed.has(operand))) continue;
    // The table is keyed by op.kind, so the rule fits the op; TypeScript cannot follow that through a union.
    const parts = (rule as AnyRule)({ ...recomputation.contextOf(node), op: node.op, gradient });
    node.inputs.forEach((operand, i) => {
      const part = parts[i];
      if (part == null || !needed.has(operand)) return;
      const known = terms.get(operand);
      if (known === undefined) terms.set(operand, [part]);
      else known.push(part);
    });
  }

  return wrt.map((node) => {
    const gradient = result.get(node);
    if (gradient === undefined) {
      throw new GradientError(
        `${describe(node)} has no gradient: no path of float32 ops leads from it to the loss. ` +
          'Leave it out of wrt, or look for a stopGradient or an unused layer between.',
      );
    }
    return broadcastTo(gradient, node.shape);
  });
}
