// Where a model's time goes, by kind of kernel: read from the trace that onnxruntime writes.
import { readFile, rm } from 'node:fs/promises';

/** Time spent in all kernels of one kind, over all runs. */
export interface KernelTime {
  readonly kernel: string;
  readonly calls: number;
  readonly milliseconds: number;
}

interface TraceEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly dur?: number;
  readonly args?: { readonly op_name?: string };
}

/** Sums a trace by kind of kernel, longest first, and removes the folder that holds it. */
export async function readProfile(file: string, folder: string): Promise<KernelTime[]> {
  const events = JSON.parse(await readFile(file, 'utf8')) as readonly TraceEvent[];
  await rm(folder, { recursive: true, force: true });
  const totals = new Map<string, { calls: number; microseconds: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || args?.op_name === undefined || !name?.endsWith('_kernel_time')) continue;
    const total = totals.get(args.op_name) ?? { calls: 0, microseconds: 0 };
    totals.set(args.op_name, { calls: total.calls + 1, microseconds: total.microseconds + (dur ?? 0) });
  }
  return [...totals]
    .map(([kernel, { calls, microseconds }]) => ({ kernel, calls, milliseconds: microseconds / 1000 }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
