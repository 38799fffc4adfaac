// A graph's matrix products alone: the part that no rearrangement of the rest can remove, hence the limit of a step.
// Each distinct product is timed in a session of its own on arrays that stay where they are, which is as fast as it gets.
import { type CompileOptions, compile, type Executable } from '@strata/engine';
import { input, isKind, matmul, type Node, type OpOf, type Shape, sizeOf, topologicalOrder } from '@strata/tensor';

/** One kind of product in a graph, by its operands' shapes and flags. */
export interface MatrixProduct {
  readonly left: Shape;
  readonly right: Shape;
  readonly op: OpOf<'matmul'>;
  /** How often the graph has it. */
  readonly count: number;
  /** Operations of one, multiply and add counted apart. */
  readonly flops: number;
}

/** The distinct products of a graph. */
export function matrixProducts(outputs: Readonly<Record<string, Node>>): MatrixProduct[] {
  const products = new Map<string, MatrixProduct>();
  for (const node of topologicalOrder(Object.values(outputs))) {
    if (!isKind(node, 'matmul')) continue;
    const [left, right] = node.inputs.map(({ shape }) => shape) as [Shape, Shape];
    const key = JSON.stringify([left, right, node.op]);
    const inner = left[left.length - (node.op.transposeA ? 2 : 1)]!;
    const flops = 2 * sizeOf(node.shape) * inner;
    const count = (products.get(key)?.count ?? 0) + 1;
    products.set(key, { left, right, op: node.op, count, flops });
  }
  return [...products.values()];
}

const filled = (shape: Shape): Float32Array => new Float32Array(sizeOf(shape)).fill(0.01);

interface Timed {
  readonly product: MatrixProduct;
  readonly executable: Executable;
  readonly feeds: Record<string, Float32Array>;
  readonly into: Record<string, Float32Array>;
}

/** Products ready to be timed. */
export class ProductTimer {
  readonly #timed: readonly Timed[];
  readonly #empty: Timed;

  private constructor(timed: readonly Timed[], empty: Timed) {
    this.#timed = timed;
    this.#empty = empty;
  }

  static async create(products: readonly MatrixProduct[], options: CompileOptions): Promise<ProductTimer> {
    const prepare = async (product: MatrixProduct): Promise<Timed> => {
      const { transposeA, transposeB, scale } = product.op;
      const result = matmul(input('left', product.left), input('right', product.right), {
        transposeA,
        transposeB,
        scale,
      });
      const executable = await compile({ result }, options);
      const feeds = { left: filled(product.left), right: filled(product.right) };
      return { product, executable, feeds, into: { result: filled(result.shape) } };
    };
    const timed: Timed[] = [];
    for (const product of products) timed.push(await prepare(product));
    const op = { kind: 'matmul', transposeA: false, transposeB: false, scale: 1 } as const;
    return new ProductTimer(timed, await prepare({ left: [1, 1], right: [1, 1], op, count: 1, flops: 2 }));
  }

  /** Seconds that all products of the graph take; what a call costs besides its product is taken off. */
  async seconds(): Promise<number> {
    const call = await timeOf(this.#empty);
    let total = 0;
    for (const timed of this.#timed) {
      const seconds = await timeOf(timed);
      total += timed.product.count * Math.max(0, seconds - call);
    }
    return total;
  }

  async dispose(): Promise<void> {
    for (const { executable } of [...this.#timed, this.#empty]) await executable.dispose();
  }
}

/** The faster of two runs in a row: the first one warms the caches. */
async function timeOf({ executable, feeds, into }: Timed): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 2; run++) {
    const started = performance.now();
    await executable.run(feeds, into);
    least = Math.min(least, performance.now() - started);
  }
  return least / 1000;
}

/** All products of a graph in one session, each with operands of its own; weights that the graph reads are stored inside. */
export function productsOnly(outputs: Readonly<Record<string, Node>>): Record<string, Node> {
  const products: Record<string, Node> = {};
  const alike = (node: Node, name: string): Node => (isKind(node, 'input') ? node : input(name, node.shape));
  for (const node of topologicalOrder(Object.values(outputs))) {
    if (!isKind(node, 'matmul')) continue;
    const name = `product ${Object.keys(products).length}`;
    const [left, right] = node.inputs as [Node, Node];
    const { transposeA, transposeB, scale } = node.op;
    products[name] = matmul(alike(left, `${name} left`), alike(right, `${name} right`), {
      transposeA,
      transposeB,
      scale,
    });
  }
  return products;
}
