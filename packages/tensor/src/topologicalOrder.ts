// Nodes in an order in which operands come first: the order in which everything walks a graph.
// Depth first with an explicit stack: a deep model would overflow the call stack.
import type { Node } from './op.js';

/** Every node that the outputs depend on, each once, operands before results; the same graph gives the same order. */
export function topologicalOrder(outputs: readonly Node[]): Node[] {
  const order: Node[] = [];
  const entered = new Set<Node>();
  for (const output of outputs) {
    if (entered.has(output)) continue;
    entered.add(output);
    const stack = [{ node: output, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const operand = top.node.inputs[top.next++];
      if (operand === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!entered.has(operand)) {
        entered.add(operand);
        stack.push({ node: operand, next: 0 });
      }
    }
  }
  return order;
}
