// `strata train`: trains one stage of a ladder, or all of them in their order.
// From: Strata, DESIGN ("Training, in sequence").
import { readConfig, type StageName } from '@strata/hierarchy';
import { stagesOf } from '@strata/train';
import { Argument, type Command } from 'commander';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { planTraining } from './plan.js';
import { renderPlan } from './plan-text.js';
import { collect } from './repeatable.js';
import { type TrainSource, trainCommandLine } from './train-command-line.js';
import { checkStage, describeOutcome, STAGE_ORDER, shownPath, type TrainingRequest, trainStages } from './training.js';

const AFTER = `
Stages, each on those before it: ${STAGE_ORDER.join(', ')}. What is trained already is left as it is.
The key top of a configuration is the highest level that is built, and what the flat model is matched to.
The run's folder is <runs>/<name of the configuration>. A corpus that is a folder counts from the working directory.
Ctrl-C stops after the step it is at, with a checkpoint; --resume goes on there, as if it had never stopped. After a kill or
a power cut it goes on from the last checkpoint, which --set checkpoints.seconds=30 takes that often; the last
checkpoints.keep of them are kept. For each stage, STAGE.training also has validation.every (steps) and validation.bytes,
accumulate (batches a step), earlyStopping.patience (validations) and groups (rates of some parameters).
Figures go to metrics.jsonl in the run's folder, and to tensorboard/ there: tensorboard --logdir <runs>/<name>/tensorboard.

Examples:
  strata train all --config configs/demo.yaml
  strata train concept --config configs/small.yaml --set name=wide --set concept.width=256
  strata train word --config configs/small.yaml --set name=long --set 'word.training.earlyStopping={patience: 5}'
  strata train subword --config configs/small.yaml --set name=big --set subword.training.accumulate=4
  strata train all --config configs/base.yaml --dry-run
  strata train all --config configs/small.yaml --resume`;

/** Options of `strata train` as commander gives them. */
interface TrainOptions extends TrainSource {
  readonly resume?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

async function train(target: 'all' | StageName, options: TrainOptions, io: Io): Promise<void> {
  const config = readConfig(options.config, options.set);
  const stages = target === 'all' ? stagesOf(config) : [target];
  if (options.dryRun === true) {
    for (const stage of stages) checkStage(config, stage);
    const plan = await planTraining(config, stages);
    if (options.json === true) writeJson(io, plan);
    else io.stdout.write(renderPlan(plan));
    return;
  }
  const request: TrainingRequest = {
    config,
    runs: options.runs,
    stages,
    resume: options.resume === true,
    quiet: options.json === true,
    commandFor: (stage = target) => trainCommandLine(stage, options),
  };
  const outcome = await trainStages(request, io);
  if (options.json === true) writeJson(io, { run: shownPath(outcome.run.folder), stages: outcome.stages });
  else io.stdout.write(describeOutcome(outcome));
}

/** Adds `train` to the program. */
export function addTrainCommand(program: Command, io: Io): void {
  program
    .command('train')
    .description('train a level on the frozen ones below it, a control beside them, or all of them')
    .addArgument(new Argument('<stage>', 'what to train').choices([...STAGE_ORDER, 'all']))
    .requiredOption('--config <file>', 'the configuration, a YAML file')
    .option('--set <key=value>', 'override one key of the configuration (repeatable)', collect, [])
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('--resume', 'go on from the latest checkpoint of a training that was stopped')
    .option('--dry-run', 'print sizes, costs and an estimated time; train and write nothing')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpText(AFTER))
    .action((stage: 'all' | StageName, options: TrainOptions) => train(stage, options, io));
}
