// What keeps a graph from becoming a model, whatever the engine: names that clash, outputs and stored values of a wrong type.
import { isKind, type Node, sizeOf } from '@strata/tensor';
import { CompileError } from './errors.js';

/** Before the names of outputs inside a session: gradients may then be named as the parameters they belong to. */
export const outputPrefix = 'output:';

/** Throws CompileError where names or types would not make a model. */
export function assertCompilable(
  outputs: Readonly<Record<string, Node>>,
  order: readonly Node[],
  prefix: string,
): void {
  if (Object.keys(outputs).length === 0) throw new CompileError('there are no outputs; name at least one');
  const inputs = new Map<string, Node>();
  for (const node of order) {
    if (!isKind(node, 'input')) continue;
    const { name } = node.op;
    if (name.startsWith('%')) {
      throw new CompileError(`input '${name}': names with a leading % are kept for inner values; choose another`);
    }
    if ((inputs.get(name) ?? node) !== node) {
      throw new CompileError(`input '${name}' was made twice; make it once and share the node`);
    }
    inputs.set(name, node);
  }
  for (const [name, node] of Object.entries(outputs)) {
    if (node.dtype !== 'float32')
      throw new CompileError(`output '${name}' is ${node.dtype}; outputs have to be float32`);
    if (inputs.has(prefix + name) || name === '' || name.startsWith('%')) {
      throw new CompileError(`output '${name}' needs a name that no input has, not empty and without a leading %`);
    }
  }
}

/** Throws CompileError where a stored value does not fit its input. */
export function assertInitializers(
  initializers: ReadonlyMap<string, Float32Array | Int32Array>,
  order: readonly Node[],
): void {
  for (const node of order) {
    if (!isKind(node, 'input')) continue;
    const values = initializers.get(node.op.name);
    if (values === undefined) continue;
    const found = values instanceof Int32Array ? 'int32' : 'float32';
    if (node.dtype === found && values.length === sizeOf(node.shape)) continue;
    throw new CompileError(
      `initializer '${node.op.name}' holds ${values.length} ${found} values; ` +
        `the input is ${node.dtype} [${node.shape.join(', ')}]`,
    );
  }
}
