// What an executable promises on either engine: gradients equal to the interpreter's, the same bits at every run, arrays
// filled in place, and clear refusals.
import {
  add,
  FeedError,
  gather,
  input,
  interpret,
  isKind,
  matmul,
  multiply,
  scatterAdd,
  sum,
  topologicalOrder,
} from '@strata/tensor';
import { describe, expect, it } from 'vitest';
import { generic, tinyTransformer } from '../../../test/tiny-transformer.js';
import { CompileError, type CompileOptions, compile, DeviceError, type Executable, RunError } from './index.js';

const engines: readonly [string, CompileOptions][] = [
  ['onnxruntime', {}],
  ['tfjs in JavaScript', { engine: 'tfjs', tfjsBackend: 'cpu' }],
  ['tfjs in WebAssembly', { engine: 'tfjs', tfjsBackend: 'wasm' }],
];

describe.each(engines)('compile for %s', (_, engine) => {
  it('gives the gradients of a transformer block that the interpreter gives', async () => {
    const { outputs, feeds } = tinyTransformer();
    const executable = await compile(outputs, engine);
    const found = await executable.run(feeds);
    const wanted = interpret(outputs, feeds);
    for (const [name, values] of Object.entries(wanted)) {
      const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      values.forEach((value, i) => {
        expect(Math.abs(found[name]![i]! - value), `${name}[${i}]`).toBeLessThan(1e-5 * largest);
      });
    }
    await executable.dispose();
  });

  it('gives the same bits at every run and in every session', async () => {
    const { outputs, feeds } = tinyTransformer();
    const runs: Record<string, Float32Array>[] = [];
    for (let session = 0; session < 2; session++) {
      const executable = await compile(outputs, { ...engine, threads: 2 });
      for (let run = 0; run < 3; run++) runs.push(await executable.run(feeds));
      await executable.dispose();
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  it('reads and fills parts of larger arrays in place, and leaves their surroundings alone', async () => {
    const x = input('x', [2, 2]);
    const executable = await compile({ y: multiply(x, 2), z: sum(x) }, engine);
    const feed = Float32Array.of(9, 1, 2, 3, 4, 9);
    const target = new Float32Array(7).fill(-1);
    const into = { y: target.subarray(2, 6) };
    const found = await executable.run({ x: feed.subarray(1, 5) }, into);
    expect(found.y).toBe(into.y);
    expect([...target]).toEqual([-1, -1, 2, 4, 6, 8, -1]);
    expect([...found.z!]).toEqual([10]);
    expect([...feed]).toEqual([9, 1, 2, 3, 4, 9]);
    await executable.dispose();
  });

  it('tells what has to be fed, and nothing of what is stored inside', async () => {
    const product = matmul(input('x', [1, 2]), input('w', [2, 1]));
    const executable = await compile({ product }, { ...engine, initializers: new Map([['w', Float32Array.of(3, 4)]]) });
    expect([...executable.inputs]).toEqual([['x', { shape: [1, 2], dtype: 'float32' }]]);
    expect([...(await executable.run({ x: Float32Array.of(1, 10) })).product!]).toEqual([43]);
    await executable.dispose();
  });

  it('refuses feeds that do not fit, each with what is needed', async () => {
    const y = gather(input('table', [3]), input('ids', [2], 'int32'));
    const executable = await compile({ y }, engine);
    const table = new Float32Array(3);
    const ids = Int32Array.of(0, 1);
    const refused = (feeds: Record<string, Float32Array | Int32Array>, into?: Record<string, Float32Array>) =>
      expect(executable.run(feeds, into)).rejects;
    await refused({ table }).toThrow("input 'ids' needs 2 int32 values of shape [2]; none were fed");
    await refused({ table, ids, extra: ids }).toThrow("there is no input 'extra'; the graph has: table, ids");
    await refused({ table: new Float32Array(4), ids }).toThrow('found 4 float32 values');
    await refused({ table, ids: new Float32Array(2) }).toThrow('found 2 float32 values');
    await refused({ table, ids: Int32Array.of(0, -1) }).toThrow('found the negative index -1');
    await refused({ table, ids }, { y: new Float32Array(3) }).toThrow("output 'y' [2] cannot be written into 3 values");
    await refused({ table, ids }, { z: new Float32Array(3) }).toThrow("there is no output 'z'");
    await refused({}).toThrow(FeedError);
    await refused({ table, ids: Int32Array.of(0, 3) }).toThrow(RunError);
    await executable.dispose();
    await refused({ table, ids }).toThrow('this executable was disposed');
    await executable.dispose();
  });

  it('refuses graphs that make no model', async () => {
    const x = input('x', [2]);
    await expect(compile({}, engine)).rejects.toThrow(CompileError);
    await expect(compile({ y: add(x, input('x', [2])) }, engine)).rejects.toThrow("input 'x' was made twice");
    await expect(compile({ ids: input('ids', [2], 'int32') }, engine)).rejects.toThrow("output 'ids' is int32");
    await expect(compile({ x }, { ...engine, threads: 0 })).rejects.toThrow('threads is 0');
    await expect(compile({ x }, { ...engine, initializers: new Map([['x', new Float32Array(3)]]) })).rejects.toThrow(
      'holds 3',
    );
  });
});

describe('compile for onnxruntime', () => {
  // A size at which onnxruntime's ScatterND lost updates in every second run with two threads.
  it('adds rows that meet in one place one after the other, though it uses threads', async () => {
    const [rows, width, size] = [2048, 256, 4096] as const;
    const total = scatterAdd(input('ids', [rows], 'int32'), input('updates', [rows, width]), size);
    const feeds = {
      ids: Int32Array.from({ length: rows }, (_, i) => (i * i) % size),
      updates: Float32Array.from({ length: rows * width }, (_, i) => generic(i)),
    };
    const wanted = interpret({ total }, feeds).total!;
    const executable = await compile({ total }, { threads: 2 });
    const first = Buffer.from((await executable.run(feeds)).total!.buffer);
    for (let run = 0; run < 20; run++) {
      const found = (await executable.run(feeds)).total!;
      expect(Buffer.compare(Buffer.from(found.buffer), first)).toBe(0);
      expect(found.findIndex((value, i) => Math.abs(value - wanted[i]!) > 1e-4)).toBe(-1);
    }
    await executable.dispose();
  });

  it.each([
    ['cuda', 'ONNXRUNTIME_NODE_INSTALL=cuda12'],
    ['webgpu', 'install the driver of a GPU'],
  ] as const)('says how to get the device %s where it is missing', async (device, how) => {
    const x = input('x', [2]);
    const found = await compile({ y: add(x, x) }, { device }).catch((error: unknown) => error);
    // Where the device is there, it computes.
    if (!(found instanceof Error)) {
      expect((await (found as Executable).run({ x: Float32Array.of(1, 2) })).y).toEqual(Float32Array.of(2, 4));
      return (found as Executable).dispose();
    }
    expect(found).toBeInstanceOf(DeviceError);
    expect(found.message).toContain(`device '${device}' cannot be used here`);
    expect(found.message).toContain(how);
  });

  it('records where the time goes', async () => {
    const { outputs, feeds } = tinyTransformer();
    const executable = await compile(outputs, { profile: true });
    await executable.run(feeds);
    const profile = await executable.endProfile();
    expect(profile.map(({ kernel }) => kernel)).toContain('Gemm');
    expect(profile.every(({ calls, milliseconds }) => calls > 0 && milliseconds >= 0)).toBe(true);
    // Products take transposition as a flag: what moves in memory is what the model itself transposes.
    const moved = profile.find(({ kernel }) => kernel === 'Transpose')!.calls;
    expect(moved).toBeLessThanOrEqual(
      topologicalOrder(Object.values(outputs)).filter((node) => isKind(node, 'transpose')).length,
    );
    await executable.dispose();
    const plain = await compile({ loss: outputs.loss! });
    await expect(plain.endProfile()).rejects.toThrow("compile with the option 'profile'");
    await plain.dispose();
  });

  it('refuses to write outputs over what it is fed, and takes a neighbouring part of the same memory', async () => {
    const memory = new Float32Array(4);
    const [fed, beside] = [memory.subarray(0, 2), memory.subarray(2, 4)];
    fed.set([1, 2]);
    const x = input('x', [2]);
    for (const engine of ['onnxruntime', 'tfjs'] as const) {
      const executable = await compile({ y: add(x, x) }, { engine });
      await expect(executable.run({ x: fed }, { y: fed })).rejects.toThrow("shares memory with input 'x'");
      await expect(executable.run({ x: fed }, { y: memory.subarray(1, 3) })).rejects.toThrow('shares memory');
      await executable.run({ x: fed }, { y: beside });
      expect([...memory]).toEqual([1, 2, 2, 4]);
      await executable.dispose();
    }
  });

  it.each([
    ['thousands of threads', { threads: 5000 }, 'threads is 5000'],
    ['an engine that there is not', { engine: 'torch' }, 'engine is "torch"'],
  ])('refuses %s', async (_, options, message) => {
    const x = input('x', [2]);
    await expect(compile({ y: add(x, x) }, options as CompileOptions)).rejects.toThrow(CompileError);
    await expect(compile({ y: add(x, x) }, options as CompileOptions)).rejects.toThrow(message);
  });
});
