// A graph as a few readable lines, one a node, with shapes: to look at, and to keep as a snapshot in tests.
import type { Node, Op } from './op.js';
import { topologicalOrder } from './topologicalOrder.js';

function attributes(op: Op): string {
  if (op.kind === 'input') return ` '${op.name}'`;
  if (op.kind === 'constant') {
    const shown = op.values.length <= 4 ? [...op.values] : [...op.values.subarray(0, 3), '...'];
    return ` ${op.shape.length === 0 ? shown.join() : `[${shown.join(', ')}]`}`;
  }
  const shown = Object.entries(op).flatMap(([name, value]) => {
    // Defaults and what the result's shape tells anyway are left out.
    if (name === 'kind' || name === 'shape' || value === false || (name === 'scale' && value === 1)) return [];
    if (value === true) return [name];
    return [`${name}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`];
  });
  return shown.length === 0 ? '' : ` {${shown.join(', ')}}`;
}

/** One line for each node in topological order, `%2 [4, 8] = matmul(%0, %1)`, then one for each output. */
export function printGraph(outputs: Readonly<Record<string, Node>>): string {
  const order = topologicalOrder(Object.values(outputs));
  const names = new Map(order.map((node, i) => [node, `%${i}`]));
  const lines = order.map((node) => {
    const type = `${node.dtype === 'int32' ? 'int32 ' : ''}[${node.shape.join(', ')}]`;
    const operands = node.inputs.length === 0 ? '' : `(${node.inputs.map((x) => names.get(x)).join(', ')})`;
    return `${names.get(node)} ${type} = ${node.op.kind}${operands}${attributes(node.op)}`;
  });
  for (const [name, node] of Object.entries(outputs)) lines.push(`${name}: ${names.get(node)}`);
  return lines.join('\n');
}
