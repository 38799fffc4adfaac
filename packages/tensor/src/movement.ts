// Ops that move elements and compute nothing. Chains of the same kind collapse into one, identities into none.
import { ShapeError } from './errors.js';
import { isKind, type Node, type Shape } from './op.js';
import { normalizeAxis, sameShape } from './shape.js';
import { makeNode } from './shapeRules.js';

/** The same elements in row-major order under another shape. Throws ShapeError when their number differs. */
export function reshape(x: Node, shape: Shape): Node {
  const node = makeNode({ kind: 'reshape', shape: [...shape] }, [x]);
  if (sameShape(x.shape, shape)) return x;
  if (isKind(x, 'reshape')) return reshape(x.inputs[0]!, shape);
  if (isKind(x, 'broadcastTo') && x.inputs[0]!.shape.length === 0) return broadcastTo(x.inputs[0]!, shape);
  return node;
}

/** Axes in another order: axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Node, permutation: readonly number[]): Node {
  const node = makeNode({ kind: 'transpose', permutation: [...permutation] }, [x]);
  if (permutation.every((axis, i) => axis === i)) return x;
  if (isKind(x, 'transpose')) {
    const { permutation: inner } = x.op;
    return transpose(
      x.inputs[0]!,
      permutation.map((axis) => inner[axis]!),
    );
  }
  return node;
}

/** Elements `start` (inclusive) to `end` (exclusive) of one axis. Throws ShapeError when that part does not exist. */
export function slice(x: Node, axis: number, start: number, end: number): Node {
  const at = normalizeAxis('slice', x.shape, axis);
  const node = makeNode({ kind: 'slice', axis: at, start, end }, [x]);
  return start === 0 && end === x.shape[at] ? x : node;
}

/** Nodes joined along one axis; all other axes have to be equal. */
export function concat(nodes: readonly Node[], axis: number): Node {
  const first = nodes[0];
  if (first === undefined) throw new ShapeError('concat', [], 'at least one node is needed');
  const node = makeNode({ kind: 'concat', axis: normalizeAxis('concat', first.shape, axis) }, nodes);
  return nodes.length === 1 ? first : node;
}

/** Zeros added before and after along one axis. */
export function pad(x: Node, axis: number, before: number, after: number): Node {
  const node = makeNode({ kind: 'pad', axis: normalizeAxis('pad', x.shape, axis), before, after }, [x]);
  return before === 0 && after === 0 ? x : node;
}

/** x repeated along axes of length 1 and new leading axes (numpy's rule). Throws ShapeError when it does not fit. */
export function broadcastTo(x: Node, shape: Shape): Node {
  const node = makeNode({ kind: 'broadcastTo', shape: [...shape] }, [x]);
  if (sameShape(x.shape, shape)) return x;
  if (isKind(x, 'broadcastTo')) return broadcastTo(x.inputs[0]!, shape);
  return node;
}
