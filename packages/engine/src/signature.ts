// The names, shapes and types that go into and come out of a compiled graph, and the checks of what a caller hands over.
// Both engines check here, so that a wrong feed gives the same error on each.
import { FeedError, isKind, type Node, type Shape, sizeOf, topologicalOrder } from '@strata/tensor';
import type { CompileOptions, InputSpec } from './executable.js';

type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;

/** What a graph takes and gives. */
export class Signature {
  readonly inputs: ReadonlyMap<string, InputSpec>;
  readonly outputs: ReadonlyMap<string, Shape>;

  constructor(outputs: Readonly<Record<string, Node>>, { initializers }: CompileOptions) {
    this.inputs = new Map(
      topologicalOrder(Object.values(outputs))
        .filter((node) => isKind(node, 'input'))
        .filter((node) => initializers?.has(node.op.name) !== true)
        .map((node) => [node.op.name, { shape: node.shape, dtype: node.dtype }]),
    );
    this.outputs = new Map(Object.entries(outputs).map(([name, node]) => [name, node.shape]));
  }

  /** Throws FeedError unless exactly the inputs are fed and every target is an output's, each of the right length. */
  check(feeds: Feeds, into: Readonly<Record<string, Float32Array>>): void {
    for (const [name, spec] of this.inputs) assertFeed(name, spec, feeds[name]);
    assertKnown('input', Object.keys(feeds), this.inputs);
    assertKnown('output', Object.keys(into), this.outputs);
    for (const [name, target] of Object.entries(into)) {
      const shape = this.outputs.get(name)!;
      if (target.length !== sizeOf(shape))
        throw new FeedError(`output '${name}' [${shape.join(', ')}] cannot be written into ${target.length} values`);
      // Outputs are written while others may still be computed from the feeds.
      const fed = Object.keys(feeds).find((input) => overlap(feeds[input]!, target));
      if (fed !== undefined)
        throw new FeedError(
          `output '${name}' shares memory with input '${fed}'; write it elsewhere and copy it after the run`,
        );
    }
  }
}

/** Whether two arrays have bytes in common. */
function overlap(a: Float32Array | Int32Array, b: Float32Array): boolean {
  if (a.buffer !== b.buffer) return false;
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

function assertKnown(what: string, names: readonly string[], known: ReadonlyMap<string, unknown>): void {
  const unknown = names.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new FeedError(`there is no ${what} '${unknown}'; the graph has: ${[...known.keys()].join(', ')}`);
}

function assertFeed(name: string, { shape, dtype }: InputSpec, values: Float32Array | Int32Array | undefined): void {
  const needed = `input '${name}' needs ${sizeOf(shape)} ${dtype} values of shape [${shape.join(', ')}]`;
  if (values === undefined) throw new FeedError(`${needed}; none were fed`);
  const found = values instanceof Int32Array ? 'int32' : 'float32';
  if (found !== dtype || values.length !== sizeOf(shape))
    throw new FeedError(`${needed}; found ${values.length} ${found} values`);
  if (!(values instanceof Int32Array)) return;
  // onnxruntime counts negative indices from the end; here they are always a mistake.
  const negative = values.find((index) => index < 0);
  if (negative !== undefined) throw new FeedError(`${needed}; found the negative index ${negative}`);
}
