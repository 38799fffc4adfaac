// What a model is said to cost is what the engine executes: every count of operations here is compared with the shapes of
// the products that onnxruntime reports to have run. From: Strata, EVALUATION (matched baselines).
import { compile } from '@strata/engine';
import {
  BOUNDARY_COUNT,
  type Config,
  type ControlName,
  ladderInferenceFlops,
  ladderParameters,
  ladderScopes,
  levelObjective,
  matchPatched,
  matrixFlops,
  type Objective,
  type PieceModelName,
  patchedGraph,
  pieceInferenceFlops,
  pieceObjective,
  type UpperLevel,
  unitNats,
  windowShape,
} from '@strata/hierarchy';
import { muonGraph, ParameterScope } from '@strata/nn';
import { subwordNats } from '@strata/subword';
import { input, type Node } from '@strata/tensor';
import { controlModel, patchedDesign, stepFlops } from '@strata/train';
import { CASING_NAMES, LANGUAGES } from '@strata/word';
import { describe, expect, it } from 'vitest';
import { smallConfig } from './small-run.js';

const config: Config = smallConfig();
const inventory = {
  word: {
    lemmaCount: 300,
    slotCount: LANGUAGES.english.slots.length,
    casingCount: CASING_NAMES.length,
    gapCount: 12,
    boundaryCount: BOUNDARY_COUNT,
  },
  conceptCount: 250,
  memberWidth: 4,
};

/** FLOPs that the engine reports to have executed for a graph, on inputs of zeros. */
async function executedFlops(outputs: Record<string, Node>): Promise<number> {
  const executable = await compile(outputs, { profile: true });
  try {
    const feeds = [...executable.inputs].map(([name, { shape, dtype }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)] as const;
    });
    await executable.run(Object.fromEntries(feeds));
    return (await executable.endProfile()).reduce((sum, { flops }) => sum + flops, 0);
  } finally {
    await executable.dispose();
  }
}

async function expectExecuted(counted: number, outputs: Record<string, Node>): Promise<void> {
  expect(counted).toBeGreaterThan(0);
  expect(Math.abs((await executedFlops(outputs)) / counted - 1)).toBeLessThan(0.01);
}

describe('operations as counted are operations as executed, to 1%', () => {
  it.each(['word', 'concept', 'gestalt'] as const)('a training step and a reading of %s', async (level) => {
    const { outputs }: Objective = levelObjective(config, inventory, level, windowShape(config));
    await expectExecuted(matrixFlops(outputs), outputs);
    const nats = unitNats(ladderScopes(), config, inventory, level as UpperLevel, windowShape(config, 1));
    const { bag: _, own: __, ...read } = nats;
    await expectExecuted(ladderInferenceFlops(config, inventory, level), read as Record<string, Node>);
  });

  it.each(['subword', 'flat-params'] as const)('a training step and a reading of %s', async (name: PieceModelName) => {
    const sizes = { vocabularySize: 320, width: 48, depth: 2, headCount: 2 };
    const { outputs } = pieceObjective(new ParameterScope(name), sizes, 2, 64);
    await expectExecuted(matrixFlops(outputs), outputs);
    const pieces = input('pieces', [1, 64], 'int32');
    const nats = subwordNats(new ParameterScope(name), pieces, input('targets', [64], 'int32'), sizes);
    await expectExecuted(pieceInferenceFlops(name, sizes, 64), { nats });
  });

  it('a training step of a flat model with a memory', async () => {
    const memory = { pieces: 200, different: 32, window: 64, width: 16 };
    const sizes = { vocabularySize: 320, width: 48, depth: 2, headCount: 2, memory };
    const { outputs } = pieceObjective(new ParameterScope('flat-memory'), sizes, 2, 64);
    await expectExecuted(matrixFlops(outputs), outputs);
  });

  it.each(['spacebyte', 'blocks'] as const)('a training step and a reading of %s', async (kind) => {
    const design = patchedDesign(matchPatched(60_000, kind, kind === 'spacebyte' ? 257 : 320), 64, config);
    await expectExecuted(matrixFlops(design.objective.outputs), design.objective.outputs);
    const sizes = matchPatched(60_000, kind, kind === 'spacebyte' ? 257 : 320);
    await expectExecuted(design.inferenceFlops(), { nats: patchedGraph(sizes, 1, 64).nats });
  });

  it('the update of Muon', async () => {
    const specs = ladderParameters(config, inventory).word;
    await expectExecuted(stepFlops({ outputs: {} }, { optimiser: 'muon', accumulate: 1 }, specs), muonGraph(specs));
  });
});

describe('controls are matched to a ladder', () => {
  const ladder = { parameters: 4e6, bytesSeen: 50_000, bytesRead: 150_000, trainFlops: 2e12 };
  const bytesPerBatch = 400;
  const derived = { ...config, flat: { ...config.flat, training: { ...config.flat.training, bytes: undefined } } };
  const model = (name: ControlName, cost = ladder) =>
    controlModel(derived, name, cost, name === 'spacebyte' ? 257 : 2048, 96, bytesPerBatch);
  const cost = ({ design, steps }: ReturnType<typeof model>): number =>
    steps * stepFlops(design.objective, config.flat.training, design.specs);
  const parametersOf = ({ design }: ReturnType<typeof model>): number =>
    design.specs.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);

  it.each(['flat-params', 'spacebyte', 'blocks'] as const)(
    '%s: as many parameters, never fewer bytes than any stage of the ladder, nor fewer FLOPs than all',
    (name) => {
      for (const trainFlops of [1e9, 2e12, 2e13]) {
        const control = model(name, { ...ladder, trainFlops });
        expect(Math.abs(parametersOf(control) / ladder.parameters - 1)).toBeLessThan(0.02);
        expect(control.steps * bytesPerBatch).toBeGreaterThan(0.98 * ladder.bytesSeen);
        expect(cost(control)).toBeGreaterThan(0.98 * trainFlops);
      }
    },
  );

  it.each([
    ['flat-flops', 'as many bytes as the longest stage', ladder.bytesSeen],
    ['flat-bytes', 'as many bytes as all stages', ladder.bytesRead],
    ['flat-memory', 'as many bytes as all stages', ladder.bytesRead],
  ] as const)('%s: %s, and as many FLOPs in all to 2%', (name, _, bytes) => {
    for (const trainFlops of [1e12, 2e12, 4e12]) {
      const flat = model(name, { ...ladder, trainFlops });
      expect(flat.steps).toBe(Math.round(bytes / bytesPerBatch));
      expect(Math.abs(cost(flat) / trainFlops - 1)).toBeLessThan(0.02);
    }
  });
});
