// A graph as an ONNX model: one walk in topological order over the table of emit rules.
import { type Node, topologicalOrder } from '@strata/tensor';
import { assertCompilable, assertInitializers } from './compilable.js';
import { createEmitter } from './emitRules.js';
import { OnnxGraph } from './onnxGraph.js';

/** Values stored inside the model instead of being fed, by input name, row-major; names the graph lacks are passed over. */
export interface OnnxOptions {
  readonly initializers?: ReadonlyMap<string, Float32Array | Int32Array>;
}

/** As `toOnnx`, with a prefix before the names of outputs, so that these may be those of inputs. */
export function encodeModel(
  outputs: Readonly<Record<string, Node>>,
  { initializers = new Map<string, Float32Array | Int32Array>() }: OnnxOptions,
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
