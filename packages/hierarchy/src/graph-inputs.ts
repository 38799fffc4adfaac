// Inputs of one graph, made once by name: what two parts of the graph read under one name is one node.
import { type DType, input, type Node, type Shape, ShapeError } from '@strata/tensor';

/** The inputs that the parts of a graph share. */
export class GraphInputs {
  readonly #nodes = new Map<string, Node>();

  /** The input of this name; asking again with another shape or type is an error of the graph's definition. */
  get(name: string, shape: Shape, dtype: DType = 'float32'): Node {
    const known = this.#nodes.get(name);
    if (known === undefined) {
      const node = input(name, shape, dtype);
      this.#nodes.set(name, node);
      return node;
    }
    if (known.dtype !== dtype || known.shape.join() !== shape.join())
      throw new ShapeError(
        `input ${name}`,
        [known.shape, shape],
        `one shape and type; ${known.dtype} and ${dtype} were asked for`,
      );
    return known;
  }
}
