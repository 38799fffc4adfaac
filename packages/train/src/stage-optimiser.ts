// The optimiser that a stage asks for. Muon needs products of matrices at every step, so it brings a session of its own.
import { type CompileOptions, compile } from '@strata/engine';
import { ADAMW_DEFAULTS, AdamW, MUON_DEFAULTS, Muon, muonGraph, type Optimiser } from '@strata/nn';
import type { Stage } from './stage.js';

/** An optimiser, and what frees the session behind it. */
export interface StageOptimiser {
  readonly optimiser: Optimiser;
  dispose(): Promise<void>;
}

/** Makes the optimiser of `training.optimiser`. Throws ParameterError for groups that fit nothing, CompileError, DeviceError. */
export async function stageOptimiser({ training, values }: Stage, options: CompileOptions): Promise<StageOptimiser> {
  const { weightDecay, groups } = training;
  if (training.optimiser === 'adamw')
    return { optimiser: new AdamW(values, { ...ADAMW_DEFAULTS, weightDecay, groups }), dispose: async () => {} };
  const settings = { ...MUON_DEFAULTS, weightDecay, groups };
  const executable = await compile(muonGraph(values.specs, settings), options);
  try {
    const optimiser = new Muon(values, (feeds, into) => executable.run(feeds, into), settings);
    return { optimiser, dispose: () => executable.dispose() };
  } catch (error) {
    await executable.dispose();
    throw error;
  }
}
