// Bits per byte on held-out text at intervals: the same batches each time, through a graph without a backward pass.
import { type CompileOptions, compile, type Executable } from '@strata/engine';
import { feedsFor } from '@strata/hierarchy';
import { BatchQueue } from './batch-queue.js';
import type { Stage, ValidationData } from './stage.js';

/** Reads a stage's validation text with its current weights. */
export class Validator {
  private constructor(
    private readonly executable: Executable,
    private readonly validation: ValidationData,
    private readonly weights: Readonly<Record<string, Float32Array>>,
  ) {}

  /** A validator for stages that have held-out text and ask for it; undefined for others. */
  static async create(stage: Stage, options: CompileOptions): Promise<Validator | undefined> {
    const { objective, validation, training, values, frozen } = stage;
    if (validation === undefined || validation.steps === 0 || training.validation.every === 0) return undefined;
    const executable = await compile({ nats: objective.outputs.nats }, options);
    return new Validator(executable, validation, { ...frozen, ...Object.fromEntries(values.views) });
  }

  /** Bits per byte of all validation batches. */
  async bitsPerByte(): Promise<number> {
    const { steps, data } = this.validation;
    const queue = new BatchQueue(data, 0, steps);
    let nats = 0;
    let bytes = 0;
    for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
      const feeds = { ...batch.feeds, inverseCount: Float32Array.of(1 / Math.max(1, batch.targets)) };
      const running = this.executable.run(feedsFor(this.executable, feeds, this.weights));
      queue.prepare();
      nats += (await running).nats![0]!;
      bytes += batch.bytes;
    }
    return nats / Math.LN2 / bytes;
  }

  dispose(): Promise<void> {
    return this.executable.dispose();
  }
}
