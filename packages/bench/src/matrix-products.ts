// A graph's matrix products alone: the part that no rearrangement of the rest can remove, hence the limit of a step.
// Each distinct product is timed in a session of its own on arrays that stay where they are, which is as fast as it gets.
import { type CompileOptions, compile } from '@strata/engine';
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

/** Runs of one product: the first ones warm the caches, and the fastest counts. */
const RUNS = 10;

/**
 * Seconds of each product, once for every time that the graph has it, in a session of its own that is closed before the next
 * one is opened: the threads of open sessions wait in a loop and would take the cores from each other. What a call costs
 * besides its product is taken off.
 */
export async function secondsOfProducts(
  products: readonly MatrixProduct[],
  options: CompileOptions,
): Promise<number[]> {
  const nothing = { kind: 'matmul', transposeA: false, transposeB: false, scale: 1 } as const;
  const call = await secondsOf({ left: [1, 1], right: [1, 1], op: nothing, count: 1, flops: 2 }, options);
  const seconds: number[] = [];
  for (const product of products) seconds.push(product.count * Math.max(0, (await secondsOf(product, options)) - call));
  return seconds;
}

async function secondsOf({ left, right, op }: MatrixProduct, options: CompileOptions): Promise<number> {
  const { transposeA, transposeB, scale } = op;
  const result = matmul(input('left', left), input('right', right), { transposeA, transposeB, scale });
  const executable = await compile({ result }, options);
  try {
    const feeds = { left: filled(left), right: filled(right) };
    const into = { result: filled(result.shape) };
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run++) {
      const started = performance.now();
      await executable.run(feeds, into);
      least = Math.min(least, performance.now() - started);
    }
    return least / 1000;
  } finally {
    await executable.dispose();
  }
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
