// A graph evaluated in float64, node by node: slow, plain, and the reference for every engine.
import { FeedError } from './errors.js';
import { interpretNode } from './interpretRules.js';
import { isKind, type Node } from './op.js';
import { sizeOf } from './shape.js';
import { topologicalOrder } from './topologicalOrder.js';

/**
 * The values of named outputs, row-major, given those of all inputs.
 * Throws FeedError when a feed is missing, unknown or of a wrong length, and IndexError when an index is out of range.
 */
export function interpret(
  outputs: Readonly<Record<string, Node>>,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Float64Array> {
  const order = topologicalOrder(Object.values(outputs));
  const inputs = order.filter((node) => isKind(node, 'input'));
  for (const { op, shape } of inputs) {
    const found = feeds[op.name]?.length;
    if (found !== sizeOf(shape)) {
      throw new FeedError(
        `input '${op.name}' of shape [${shape.join(', ')}] needs ${sizeOf(shape)} values; ` +
          (found === undefined ? 'none were fed' : `${found} were fed`),
      );
    }
  }
  const known = new Set(inputs.map(({ op }) => op.name));
  const unknown = Object.keys(feeds).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new FeedError(`there is no input '${unknown}'; the graph has: ${[...known].join(', ')}`);
  }

  const values = new Map<Node, Float64Array>();
  for (const node of order) {
    const operands = node.inputs.map((x) => values.get(x)!);
    values.set(node, interpretNode(node, operands, feeds));
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, values.get(node)!.slice()]));
}
