// Where a model's time goes, by kind of kernel, and what its products cost: read from the trace that onnxruntime writes.
import { readFile, rm } from 'node:fs/promises';

/** Time spent in all kernels of one kind, over all runs. */
export interface KernelTime {
  readonly kernel: string;
  readonly calls: number;
  readonly milliseconds: number;
  /** Multiplications and additions of matrix products, from the shapes that onnxruntime executed; 0 for other kernels and engines. */
  readonly flops: number;
}

/** Shapes as a trace has them: [{ "float": [2, 3] }]. */
type TracedShapes = readonly Readonly<Record<string, readonly number[]>>[];

interface TraceEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly dur?: number;
  readonly args?: {
    readonly op_name?: string;
    readonly input_type_shape?: TracedShapes;
    readonly output_type_shape?: TracedShapes;
  };
}

const PRODUCTS: ReadonlySet<string> = new Set(['MatMul', 'FusedMatMul', 'Gemm', 'FusedGemm']);

function productFlops({
  input_type_shape: inputs = [],
  output_type_shape: outputs = [],
}: NonNullable<TraceEvent['args']>): number {
  const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
  const left = Object.values(inputs[0] ?? {})[0] ?? [];
  const out = Object.values(outputs[0] ?? {})[0] ?? [];
  // [.., M, K] times [.., K, N], whichever is turned: the left has M K numbers for every M N of the product.
  return 2 * size(left) * (out.at(-1) ?? 0);
}

/** Sums a trace by kind of kernel, longest first, and removes the folder that holds it. */
export async function readProfile(file: string, folder: string): Promise<KernelTime[]> {
  const events = JSON.parse(await readFile(file, 'utf8')) as readonly TraceEvent[];
  await rm(folder, { recursive: true, force: true });
  const totals = new Map<string, { calls: number; microseconds: number; flops: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || args?.op_name === undefined || !name?.endsWith('_kernel_time')) continue;
    const total = totals.get(args.op_name) ?? { calls: 0, microseconds: 0, flops: 0 };
    totals.set(args.op_name, {
      calls: total.calls + 1,
      microseconds: total.microseconds + (dur ?? 0),
      flops: total.flops + (PRODUCTS.has(args.op_name) ? productFlops(args) : 0),
    });
  }
  return [...totals]
    .map(([kernel, { calls, microseconds, flops }]) => ({ kernel, calls, milliseconds: microseconds / 1000, flops }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
