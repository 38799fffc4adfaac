// A graph as an ONNX model: one walk in topological order over the table of emit rules.
import { isKind, type Node, sizeOf, topologicalOrder } from '@strata/tensor';
import { createEmitter } from './emitRules.js';
import { CompileError } from './errors.js';
import { OnnxGraph } from './onnxGraph.js';

/** Values stored inside the model instead of being fed, by input name, row-major; names the graph lacks are passed over. */
export interface OnnxOptions {
  readonly initializers?: ReadonlyMap<string, Float32Array>;
}

/** Throws CompileError where names or types would not make a model. */
function assertCompilable(outputs: Readonly<Record<string, Node>>, order: readonly Node[], prefix: string): void {
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

function assertInitializers(initializers: ReadonlyMap<string, Float32Array>, order: readonly Node[]): void {
  for (const node of order) {
    if (!isKind(node, 'input')) continue;
    const values = initializers.get(node.op.name);
    if (values === undefined || (node.dtype === 'float32' && values.length === sizeOf(node.shape))) continue;
    throw new CompileError(
      `initializer '${node.op.name}' holds ${values.length} float32 values; ` +
        `the input is ${node.dtype} [${node.shape.join(', ')}]`,
    );
  }
}

/** As `toOnnx`, with a prefix before the names of outputs, so that these may be those of inputs. */
export function encodeModel(
  outputs: Readonly<Record<string, Node>>,
  { initializers = new Map<string, Float32Array>() }: OnnxOptions,
  prefix: string,
): Uint8Array {
  const order = topologicalOrder(Object.values(outputs));
  assertCompilable(outputs, order, prefix);
  assertInitializers(initializers, order);
  const graph = new OnnxGraph();
  const emit = createEmitter(graph, initializers);
  const values = new Map<Node, string>();
  const nameOf = (node: Node) => values.get(node)!;
  for (const node of order) values.set(node, emit(node, node.inputs.map(nameOf)));
  for (const [name, node] of Object.entries(outputs)) graph.output(prefix + name, nameOf(node), node.shape);
  return graph.encode();
}

/** The bytes of an ONNX model that computes the named outputs; the same graph gives the same bytes. Throws CompileError. */
export function toOnnx(outputs: Readonly<Record<string, Node>>, options: OnnxOptions = {}): Uint8Array {
  return encodeModel(outputs, options, '');
}
