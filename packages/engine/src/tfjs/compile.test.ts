// What TensorFlow.js adds to the promises of an executable: no tensor is left over, backends do not get in each other's way,
// and what is missing is named with what to install.
import { add, gather, input, matmul, multiply, pick, reshape, scatterAdd, scatterPick, sum } from '@strata/tensor';
import { describe, expect, it } from 'vitest';
import { tinyTransformer } from '../../../../test/tiny-transformer.js';
import { compile, DeviceError, EngineError, RunError } from '../index.js';
import { loadPackage, loadTfjs } from './load.js';

const backends = ['cpu', 'wasm'] as const;

describe.each(backends)('an executable on TensorFlow.js (%s)', (tfjsBackend) => {
  const engine = { engine: 'tfjs', tfjsBackend } as const;

  it('leaves no tensor behind, neither after runs, nor after failed ones, nor after its end', async () => {
    const { outputs, feeds } = tinyTransformer();
    const { tf } = await loadTfjs(tfjsBackend, 'cpu');
    const before = tf.memory();
    const executable = await compile(outputs, engine);
    const compiled = tf.memory();
    for (let run = 0; run < 3; run++) await executable.run(feeds);
    await expect(executable.run({ ...feeds, ids: (feeds.ids as Int32Array).with(3, 1000) })).rejects.toThrow(RunError);
    expect(tf.memory().numTensors).toBe(compiled.numTensors);
    expect(tf.memory().numBytes).toBe(compiled.numBytes);
    await executable.dispose();
    await executable.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it('frees values after their last use', async () => {
    const { tf } = await loadTfjs(tfjsBackend, 'cpu');
    let y = input('x', [1000]);
    for (let i = 0; i < 50; i++) y = multiply(y, y);
    const executable = await compile({ y }, engine);
    const before = tf.memory().numTensors;
    const { peakBytes } = await tf.profile(async () => {
      await executable.run({ x: new Float32Array(1000).fill(1) });
      return [];
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(peakBytes).toBeLessThanOrEqual(4 * 4000);
    await executable.dispose();
  });

  it('refuses indices outside their table, each by its op', async () => {
    const ids = input('ids', [2, 1], 'int32');
    const x = input('x', [2, 3]);
    const graphs = {
      gather: gather(x, ids),
      scatterAdd: scatterAdd(reshape(ids, [2]), x, 2),
      pick: pick(x, ids),
      scatterPick: scatterPick(ids, slim(x), 3),
    };
    const beyond = { gather: 2, scatterAdd: 2, pick: 3, scatterPick: 3 };
    for (const [kind, y] of Object.entries(graphs) as [keyof typeof graphs, (typeof graphs)['pick']][]) {
      const executable = await compile({ y }, engine);
      const run = (last: number) => executable.run({ x: new Float32Array(6), ids: Int32Array.of(0, last) });
      await expect(run(beyond[kind])).rejects.toThrow(
        `TensorFlow.js failed: ${kind}: index ${beyond[kind]} is outside`,
      );
      await run(beyond[kind] - 1);
      await executable.dispose();
    }
  });

  it('keeps stored values apart from the array that they came from, and gives one value under two names', async () => {
    const w = Float32Array.of(3, 4);
    const product = matmul(input('x', [1, 2]), input('w', [2, 1]));
    const outputs = { product, again: product, w: input('v', [1]), x: product.inputs[0]! };
    const executable = await compile(outputs, { ...engine, initializers: new Map([['w', w]]) });
    w.fill(0);
    const x = Float32Array.of(1, 10);
    const found = await executable.run({ x, v: Float32Array.of(5) });
    expect(found).toEqual({
      product: Float32Array.of(43),
      again: Float32Array.of(43),
      w: Float32Array.of(5),
      x: Float32Array.of(1, 10),
    });
    x.fill(0);
    expect(found.x).toEqual(Float32Array.of(1, 10));
    expect(found.product).not.toBe(found.again);
    await executable.dispose();
  });

  it('tells how long each kind of op took', async () => {
    const { outputs, feeds } = tinyTransformer();
    const executable = await compile(outputs, { ...engine, profile: true });
    await executable.run(feeds);
    await executable.run(feeds);
    const profile = await executable.endProfile();
    const products = profile.find(({ kernel }) => kernel === 'matmul')!;
    expect(products.calls % 2).toBe(0);
    expect(profile.every(({ calls, milliseconds }) => calls > 0 && milliseconds >= 0)).toBe(true);
    await expect(executable.endProfile()).rejects.toThrow('there is no profile');
    await executable.dispose();
  });
});

/** The first column of a matrix. */
const slim = (x: ReturnType<typeof input>) => sum(multiply(x, 1), [1], true);

describe('TensorFlow.js as it is installed', () => {
  it('serves executables of several backends at the same time', async () => {
    const x = input('x', [64, 64]);
    const executables = await Promise.all(
      [...backends, ...backends].map((tfjsBackend) => compile({ y: matmul(x, x) }, { engine: 'tfjs', tfjsBackend })),
    );
    const feed = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 7) - 3);
    const rounds = Array.from({ length: 3 }, () => executables.map((executable) => executable.run({ x: feed })));
    const found = await Promise.all(rounds.flat());
    for (const { y } of found) expect(y).toEqual(found[0]!.y);
    await Promise.all(executables.map((executable) => executable.dispose()));
  });

  it('leaves the errors of the program to the program', async () => {
    await loadTfjs('wasm', 'cpu');
    const handlers = [...process.listeners('uncaughtException'), ...process.listeners('unhandledRejection')];
    expect(handlers.map(String).filter((text) => /ExitStatus|throw (ex|reason)/.test(text))).toEqual([]);
  });

  it('says what to install for a device or a package that is missing', async () => {
    const graph = { y: add(input('x', [1]), 1) };
    const refused = (options: Parameters<typeof compile>[1]) =>
      compile(graph, { engine: 'tfjs', ...options }).then(
        () => undefined,
        (error: unknown) => error,
      );
    const webgpu = await refused({ device: 'webgpu' });
    expect(webgpu).toBeInstanceOf(DeviceError);
    expect(String(webgpu)).toContain("device 'webgpu' cannot be used by engine 'tfjs'");
    const portable = await refused({ device: 'cuda', tfjsBackend: 'wasm' });
    expect(portable).toBeInstanceOf(DeviceError);
    expect(String(portable)).toContain("with tfjsBackend 'wasm'");
    // Where somebody has the package and a GPU, there is nothing to refuse.
    const cuda = await refused({ device: 'cuda' });
    if (cuda !== undefined) {
      expect(cuda).toBeInstanceOf(DeviceError);
      expect(String(cuda)).toMatch(/device 'cuda' cannot be used here: .*tfjs-node-gpu/);
    }
    const missing = await loadPackage('@tensorflow/tfjs-that-nobody-has').catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(EngineError);
    expect(String(missing)).toContain('Run: npm install @tensorflow/tfjs-that-nobody-has@');
  });
});
