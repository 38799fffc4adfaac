// Ops that read and write by index, in pairs: gather and scatterAdd along the first axis, pick and scatterPick along the last.
// Indices are never negative; scatters add, so that an index may occur several times.
import type { Node } from './op.js';
import { makeNode } from './shapeRules.js';

/** Rows of a table: table [V, ...rest], indices int32 [...I] -> [...I, ...rest]. */
export function gather(table: Node, indices: Node): Node {
  return makeNode({ kind: 'gather' }, [table, indices]);
}

/** The derivative of gather: updates [...I, ...rest] added into the rows of `base` [V, ...rest], or of zeros. */
export function scatterAdd(indices: Node, updates: Node, size: number, base?: Node): Node {
  return makeNode({ kind: 'scatterAdd', size }, base === undefined ? [indices, updates] : [indices, updates, base]);
}

/** Elements of the last axis: x [..., V], indices int32 [..., K] -> [..., K]. */
export function pick(x: Node, indices: Node): Node {
  return makeNode({ kind: 'pick' }, [x, indices]);
}

/** The derivative of pick: values [..., K] added into `base` [..., V], or into zeros. */
export function scatterPick(indices: Node, values: Node, size: number, base?: Node): Node {
  return makeNode({ kind: 'scatterPick', size }, base === undefined ? [indices, values] : [indices, values, base]);
}
