// Every norm with every kind of positions: trained by the gradients that the float64 interpreter gives, with and without
// recomputation and by either optimiser, and exported as an ONNX file that gives the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, readOnnx, runForeignOnnx } from '@strata/engine';
import { gradientName, pieceObjective, subwordOnnx } from '@strata/hierarchy';
import { MUON_DEFAULTS, muonGraph, NORMS, ParameterScope, ParameterValues, POSITIONS, RandomStream } from '@strata/nn';
import { subwordLogits, subwordStates } from '@strata/subword';
import { input, interpret, logSoftmax } from '@strata/tensor';
import { afterAll, describe, expect, it } from 'vitest';

const [WINDOWS, LENGTH] = [2, 7] as const;
const CHOICES = NORMS.flatMap((norm) => POSITIONS.map((positions) => ({ norm, positions })));

const folder = mkdtempSync(join(tmpdir(), 'strata-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(CHOICES)('$norm norm and $positions positions', (choices) => {
  const sizes = { vocabularySize: 257, width: 16, depth: 2, headCount: 2, ...choices };
  const objective = (recompute: boolean) =>
    pieceObjective(new ParameterScope('subword'), sizes, WINDOWS, LENGTH, { recompute }).outputs;
  const scope = new ParameterScope('subword');
  pieceObjective(scope, sizes, WINDOWS, LENGTH);
  const specs = scope.specs();
  const values = ParameterValues.initialise(specs, 1);
  const random = new RandomStream(2, 'weights');
  // What RMSNorm scales back stays as wide among proportions, so its streams are made narrower.
  const deviation = choices.norm === 'proportion' ? 0.05 : 0.2;
  for (let i = 0; i < values.flat.length; i++) values.flat[i]! += deviation * random.normal();
  const count = WINDOWS * LENGTH;
  const pieces = Int32Array.from({ length: count }, (_, i) => (i * 31) % 257);
  const given = {
    pieces,
    targets: pieces.map((piece) => (piece + 7) % 257),
    weights: new Float32Array(count).fill(1),
    inverseCount: Float32Array.of(1 / count),
  };

  it.each([false, true])('has the gradients of the interpreter (recompute: %s)', async (recompute) => {
    const expected = interpret(objective(false), { ...given, ...Object.fromEntries(values.views) });
    const executable = await compile(objective(recompute), { threads: 1 });
    const found = await executable.run({ ...given, ...Object.fromEntries(values.views) });
    await executable.dispose();
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const { name } of specs) {
      const wanted = expected[gradientName(name)]!;
      const size = Math.max(...wanted.map(Math.abs));
      expect(size, name).toBeGreaterThan(0);
      for (const [i, value] of wanted.entries())
        expect(Math.abs(found[gradientName(name)]![i]! - value), name).toBeLessThan(1e-4 * size);
    }
  });

  it('leaves its norms to AdamW, and all matrices of its layers to Muon', () => {
    const matrices = Object.values(muonGraph(specs, MUON_DEFAULTS)).reduce((sum, { shape }) => sum + shape[0]!, 0);
    expect(matrices).toBe(7 * sizes.depth);
    for (const { name, shape } of specs) if (/norm|range/.test(name)) expect(shape).toHaveLength(1);
  });

  it('is exported', async () => {
    const path = join(folder, `${choices.norm}-${choices.positions}.onnx`);
    writeFileSync(path, subwordOnnx('subword', sizes, LENGTH, Object.fromEntries(values.views)));
    expect(readOnnx(path).outputs[0]!.shape).toEqual([LENGTH, 257]);
    const window = pieces.slice(0, LENGTH);
    const { outputs } = await runForeignOnnx(
      path,
      () => new Map([['pieces', { elementType: 'int32', shape: [1, LENGTH], data: window }]]),
    );
    const states = subwordStates(new ParameterScope('subword'), input('pieces', [1, LENGTH], 'int32'), sizes);
    const next = logSoftmax(subwordLogits(new ParameterScope('subword'), states, sizes));
    const expected = interpret({ next }, { pieces: window, ...Object.fromEntries(values.views) }).next!;
    const found = outputs.get('next')!.data as Float32Array;
    for (const [i, value] of expected.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-4);
  });
});
