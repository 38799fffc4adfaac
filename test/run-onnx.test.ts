// The ONNX files that training leaves in a run, as anyone else would meet them: read by our checks, run in another process.
import { join } from 'node:path';
import { exampleFeeds, readOnnx, runForeignOnnx } from '@strata/engine';
import { describe, expect, it } from 'vitest';
import { strataJson } from './cli-harness.js';
import { toyRun } from './toy-run.js';

const PLACES = ['levels/subword', 'levels/word', 'levels/concept', 'levels/gestalt', 'controls/flat-params'];

describe('the ONNX files of a run', () => {
  it('are read, and give finite numbers of the shapes that they declare', async () => {
    const { folder } = await toyRun();
    for (const place of PLACES) {
      const path = join(folder, place, 'onnx', 'model.onnx');
      const summary = readOnnx(path);
      expect(summary.producer.name).toBe('strata');
      expect(summary.parameters, place).toBeGreaterThan(10_000);
      const { outputs } = await runForeignOnnx(path, (model) => exampleFeeds(model, path));
      expect([...outputs.keys()], place).toEqual(summary.outputs.map(({ name }) => name));
      for (const { name, shape } of summary.outputs) {
        const output = outputs.get(name)!;
        expect(output.shape).toEqual(shape);
        expect((output.data as Float32Array).every(Number.isFinite), `${place}: ${name}`).toBe(true);
      }
    }
  });

  it('are described by the command', async () => {
    const { folder } = await toyRun();
    const path = join(folder, 'levels', 'word', 'onnx', 'model.onnx');
    const description = await strataJson('onnx', path, '--run', '--seed', '1');
    expect(description).toMatchObject({ path, irVersion: 9, run: { seed: 1 } });
  });
});
