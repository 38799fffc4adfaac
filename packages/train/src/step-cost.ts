// What one step of training costs: the matrix products of the graph that runs and of the optimiser, and nothing else.
// The one count behind dry runs, metrics, matched baselines and reports (a test counts what the engine executes).
import { matrixFlops, type Objective, type TrainingConfig } from '@strata/hierarchy';
import { muonGraph, type ParameterSpec } from '@strata/nn';

/** Operations of an update's matrix products, which count as training; elementwise work does not, here as elsewhere. */
export function optimiserFlops(
  { optimiser }: Pick<TrainingConfig, 'optimiser'>,
  specs: readonly ParameterSpec[],
): number {
  return optimiser === 'muon' ? matrixFlops(muonGraph(specs)) : 0;
}

/** FLOPs of one optimiser step over `training.accumulate` batches. */
export function stepFlops(
  { outputs }: Pick<Objective, 'outputs'>,
  training: Pick<TrainingConfig, 'optimiser' | 'accumulate'>,
  specs: readonly ParameterSpec[],
): number {
  return training.accumulate * matrixFlops(outputs) + optimiserFlops(training, specs);
}
