// A graph as an ONNX model: one walk in topological order over the table of emit rules.
import { isKind, type Node, sizeOf, topologicalOrder } from '@strata/tensor';
import { createEmitter } from './emitRules.js';
import { CompileError } from './errors.js';
import { OnnxGraph } from './onnxGraph.js';

/** Values stored inside the model instead of being fed, by input name, row-major. */
export interface OnnxOptions {
  readonly initializers?: ReadonlyMap<string, Float32Array>;
}

/** Throws CompileError where names or types would not make a model. */
function assertCompilable(outputs: Readonly<Record<string, Node>>, order: readonly Node[]): void {
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
    if (inputs.has(name) || name === '' || name.startsWith('%')) {
      throw new CompileError(`output '${name}' needs a name that no input has, not empty and without a leading %`);
    }
  }
}

function assertInitializers(initializers: ReadonlyMap<string, Float32Array>, order: readonly Node[]): void {
  const inputs = new Map(order.filter((node) => isKind(node, 'input')).map((node) => [node.op.name, node]));
  for (const [name, values] of initializers) {
    const node = inputs.get(name);
    if (node === undefined) throw new CompileError(`initializer '${name}': the graph has no such input; leave it out`);
    if (node.dtype !== 'float32' || values.length !== sizeOf(node.shape)) {
      throw new CompileError(
        `initializer '${name}' holds ${values.length} float32 values; the input is ${node.dtype} [${node.shape.join(', ')}]`,
      );
    }
  }
}

/** The bytes of an ONNX model that computes the named outputs; the same graph gives the same bytes. Throws CompileError. */
export function toOnnx(outputs: Readonly<Record<string, Node>>, options: OnnxOptions = {}): Uint8Array {
  const order = topologicalOrder(Object.values(outputs));
  const initializers = options.initializers ?? new Map<string, Float32Array>();
  assertCompilable(outputs, order);
  assertInitializers(initializers, order);
  const graph = new OnnxGraph();
  const emit = createEmitter(graph, initializers);
  const names = new Map<Node, string>();
  for (const node of order) {
    names.set(
      node,
      emit(
        node,
        node.inputs.map((operand) => names.get(operand)!),
      ),
    );
  }
  for (const [name, node] of Object.entries(outputs)) graph.output(name, names.get(node)!, node.shape);
  return graph.encode();
}
