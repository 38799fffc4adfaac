// A dry run for a person: tables of parameters, costs and memory, and what the figures rest on.
// From: Strata; every figure comes from the plan, so that --json and the tables agree.
import { formatCount } from '@strata/train';
import type { MachineSpeed } from './machine-speed.js';
import type { StagePlan, TrainingPlan } from './plan.js';
import { formatBytes, formatFlops, formatTime, textTable } from './text-table.js';

/** Parameters by matrix group: one row a group, one column a stage. */
function parameterTable(stages: readonly StagePlan[]): string {
  const groups = [...new Set(stages.flatMap((stage) => stage.groups.map(({ group }) => group)))];
  const cell = (stage: StagePlan, group: string): string => {
    const found = stage.groups.find((entry) => entry.group === group);
    return found === undefined ? '·' : formatCount(found.parameters);
  };
  return textTable([
    ['parameters', ...stages.map(({ stage }) => stage)],
    ...groups.map((group) => [group, ...stages.map((stage) => cell(stage, group))]),
    ['in all', ...stages.map((stage) => formatCount(stage.parameters))],
  ]);
}

function costTable(stages: readonly StagePlan[]): string {
  return textTable([
    ['training', 'bytes', 'steps', 'bytes a step', 'a step', 'a byte', 'in all', 'reading a byte', 'time'],
    ...stages.map((plan) => [
      plan.stage,
      formatCount(plan.trainBytes),
      formatCount(plan.steps),
      formatCount(plan.bytesPerStep),
      formatFlops(plan.flopsPerStep),
      formatFlops(plan.flopsPerByte),
      formatFlops(plan.flopsPerStep * plan.steps),
      formatFlops(plan.inferenceFlopsPerByte),
      `~${formatTime(plan.seconds)}`,
    ]),
  ]);
}

function memoryTable(stages: readonly StagePlan[]): string {
  return textTable([
    ['memory', 'weights, gradients, moments', 'frozen weights', 'values at most', 'together at most'],
    ...stages.map(({ stage, memory: { training, frozen, values } }) => [
      stage,
      formatBytes(training),
      formatBytes(frozen),
      formatBytes(values),
      formatBytes(training + frozen + values),
    ]),
  ]);
}

/** What estimated times rest on, so that a reader sees when the machine was busy while it was measured. */
export function machineText({ device, flopsPerSecond, bytesPerSecond }: MachineSpeed): string {
  return (
    `this machine's ${device} (${formatFlops(flopsPerSecond)}/s in products, ${formatBytes(bytesPerSecond)}/s of values); ` +
    'measured in half a second, so true to about a factor of two, and too long where other work went on meanwhile'
  );
}

/** The plan as text that ends with a newline. */
export function renderPlan(plan: TrainingPlan): string {
  const { rates, machine, controls, stages } = plan;
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const distils = stages.some(({ stage }) => stage === 'concept');
  const text =
    rates.trainBytes === undefined ? '' : `, of which there are ${formatBytes(rates.trainBytes)} to train on`;
  return [
    `${plan.name}: nothing is trained and nothing is written by a dry run.`,
    parameterTable(stages),
    [
      `  The ladder has ${formatCount(plan.ladderParameters)} parameters and ${formatFlops(plan.ladderFlops)} of training in all.`,
      ...controls.map(
        ({ name, parameters, sizes, window }) =>
          `  ${name}: ${formatCount(parameters)} parameters (${Object.entries(sizes)
            .map(([what, size]) => `${what} ${size}`)
            .join(', ')}), windows of ${window} pieces.`,
      ),
    ].join('\n'),
    costTable(stages),
    `  About ${formatTime(seconds)} for all steps on ${machineText(machine)}; ` +
      `learning vocabularies${distils ? ' and distilling concepts come' : ' comes'} on top.`,
    memoryTable(stages),
    `  Vocabularies as configured${plan.top === 'word' ? '' : ', and as many concepts as lemmas: distilling leaves fewer'}. ` +
      `${rates.bytesPerUnit.toFixed(2)} bytes a unit, ${rates.bytesPerPiece.subword.toFixed(2)} a piece of the base and ` +
      `${rates.bytesPerPiece.flat.toFixed(2)} a piece of the flat model, ${rates.source}${text}.`,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
