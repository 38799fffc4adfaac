// Activations computed again on the way back instead of being kept: memory for time (Chen et al. 2016, section 3).
// The graph between two kept nodes is copied for the backward pass. The copy starts from the kept node, but not before
// the gradient has come as far as the next one: so no engine can merge it with the first pass or compute it early.
import { add, multiply } from './arithmetic.js';
import { reshape, slice } from './movement.js';
import type { Node } from './op.js';
import { sizeOf } from './shape.js';
import { makeNode } from './shapeRules.js';

/** The value of x, computed after y. Zero times a finite number adds nothing; if y is not finite, neither is the loss. */
function after(x: Node, y: Node): Node {
  const first = slice(reshape(y, [sizeOf(y.shape)]), 0, 0, 1);
  return add(
    x,
    reshape(
      multiply(first, 0),
      x.shape.map(() => 1),
    ),
  );
}

/** Which values of a graph a backward pass reads: the nodes themselves, or copies computed again. */
export class Recomputation {
  readonly #kept: readonly Node[];
  /** For each node, which kept node was the last before it on the way from the inputs; -1 for none. */
  readonly #segments = new Map<Node, number>();
  readonly #copies: Map<Node, Node>[];
  readonly #gradients = new Map<Node, Node>();

  /** `order` is the loss's graph, operands first; `kept` are the nodes whose values are kept. */
  constructor(order: readonly Node[], kept: readonly Node[]) {
    const wanted = new Set(kept);
    this.#kept = order.filter((node) => wanted.has(node));
    this.#copies = this.#kept.map(() => new Map());
    const index = new Map(this.#kept.map((node, i) => [node, i]));
    for (const node of order) {
      // A kept node is computed in the segment before it; what reads it stands in its own.
      const segment = node.inputs.reduce(
        (last, operand) => Math.max(last, index.get(operand) ?? this.#segments.get(operand)!),
        -1,
      );
      this.#segments.set(node, segment);
    }
  }

  /** Tells that the gradient of a node is known: the segment before a kept node may be computed again from here on. */
  reached(node: Node, gradient: Node): void {
    this.#gradients.set(node, gradient);
  }

  /** What the derivative of `node` reads for the node itself and for its operands. */
  contextOf(node: Node): { node: Node; inputs: readonly Node[] } {
    const segment = this.#segments.get(node)!;
    const trigger = this.#gradients.get(this.#kept[segment + 1]!);
    // Before the first kept node little is to be saved, and behind the last one the way back begins at once.
    if (segment < 0 || trigger === undefined) return { node, inputs: node.inputs };
    return {
      node: this.#kept.includes(node) ? node : this.#copy(node, segment, trigger),
      inputs: node.inputs.map((operand) => this.#copy(operand, segment, trigger)),
    };
  }

  #copy(root: Node, segment: number, trigger: Node): Node {
    const copies = this.#copies[segment]!;
    const start = this.#kept[segment]!;
    // Depth first with a stack of its own: a segment may be deeper than the call stack.
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (copies.has(node)) {
        stack.pop();
        continue;
      }
      const own = this.#segments.get(node) === segment && !this.#kept.includes(node);
      const missing = own ? node.inputs.filter((operand) => !copies.has(operand)) : [];
      if (missing.length > 0) stack.push(...missing);
      else if (node === start) copies.set(node, after(node, trigger));
      else
        copies.set(
          node,
          own
            ? makeNode(
                node.op,
                node.inputs.map((operand) => copies.get(operand)!),
              )
            : node,
        );
    }
    return copies.get(root)!;
  }
}
