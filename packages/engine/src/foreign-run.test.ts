// Models that are well-formed and still hang, crash, outgrow their process or fail: each ends as one clear error, and
// the process that started it goes on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedError, gather, input, matmul, tanh } from '@strata/tensor';
import { afterAll, describe, expect, it } from 'vitest';
import { exampleFeeds } from './foreign-feeds.js';
import { type ForeignFeeds, type ForeignRunOptions, runForeignOnnx } from './foreign-run.js';
import { compile, toOnnx } from './index.js';
import { ForeignRunError, OnnxError } from './onnx-error.js';
import { modelType } from './onnxSchema.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-foreign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, bytes);
  return path;
}

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const BOOL = 9;

const value = (name: string, elemType: number, shape: readonly (number | string)[]): object => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: { dim: shape.map((dim) => (typeof dim === 'string' ? { dimParam: dim } : { dimValue: dim })) },
    },
  },
});

const scalar64 = (name: string, number: bigint): object => ({
  name,
  dataType: INT64,
  rawData: new Uint8Array(BigInt64Array.of(number).buffer),
});

function model(graph: object): Uint8Array {
  const message = { irVersion: 9, opsetImport: [{ domain: '', version: 20 }], graph: { name: 'g', ...graph } };
  return modelType.encode(modelType.fromObject(message)).finish();
}

/** A loop of as good as endless turns around `body`, which carries y. */
function endless(): Uint8Array {
  return model({
    initializer: [scalar64('turns', 2n ** 62n)],
    input: [value('x', FLOAT, [2])],
    node: [
      {
        input: ['turns', '', 'x'],
        output: ['y'],
        opType: 'Loop',
        attribute: [
          {
            name: 'body',
            type: 5,
            g: {
              name: 'body',
              input: [value('turn', INT64, []), value('goes', BOOL, []), value('before', FLOAT, [2])],
              node: [
                { input: ['goes'], output: ['goesOn'], opType: 'Identity' },
                { input: ['before'], output: ['after'], opType: 'Tanh' },
              ],
              output: [value('goesOn', BOOL, []), value('after', FLOAT, [2])],
            },
          },
        ],
      },
    ],
    output: [value('y', FLOAT, [2])],
  });
}

/** A thousandfold of a vector whose length is only known when it runs: sizes are fed. */
const growing = model({
  input: [value('sizes', INT64, [2])],
  node: [
    { input: ['sizes'], output: ['large'], opType: 'ConstantOfShape' },
    { input: ['large'], output: ['y'], opType: 'Exp' },
  ],
  output: [value('y', FLOAT, ['a', 'b'])],
});

/** Division of whole numbers: x86 processors stop a process that divides the least of them by -1. */
const division = model({
  input: [value('a', INT32, [1]), value('b', INT32, [1])],
  node: [{ input: ['a', 'b'], output: ['y'], opType: 'Div' }],
  output: [value('y', INT32, [1])],
});

const int32 = (...numbers: number[]) => ({
  elementType: 'int32',
  shape: [numbers.length],
  data: Int32Array.from(numbers),
});

async function failure(path: string, feeds: ForeignFeeds, options?: ForeignRunOptions): Promise<string> {
  const error = await runForeignOnnx(path, feeds, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ForeignRunError);
  expect((error as Error).message).toContain(path);
  return (error as Error).message;
}

describe('a foreign model', () => {
  it('gives what it gives here, bit for bit', async () => {
    const x = input('x', [3, 4]);
    const weights = new Map([['w', Float32Array.from({ length: 20 }, (_, i) => Math.sin(i))]]);
    const outputs = { y: tanh(matmul(x, input('w', [4, 5]))) };
    const data = Float32Array.from({ length: 12 }, (_, i) => Math.cos(i));
    const path = file('product', toOnnx(outputs, { initializers: weights }));
    const run = await runForeignOnnx(path, new Map([['x', { elementType: 'float32', shape: [3, 4], data }]]));
    const here = await compile(outputs, { initializers: weights, threads: 1 });
    expect(run.outputs.get('y')).toEqual({
      elementType: 'float32',
      shape: [3, 5],
      data: (await here.run({ x: data })).y,
    });
    expect(run.summary.outputs[0]!.name).toBe('y');
    await here.dispose();
  });

  it('is fed with zeros or drawn numbers of the sizes and types that it asks for', async () => {
    const bytes = model({
      input: [
        value('x', FLOAT, ['batch', 3]),
        value('n', INT64, [2]),
        value('flag', BOOL, []),
        value('half', 10, [2]),
        value('text', 8, [1]),
      ],
      node: ['x', 'n', 'flag', 'half', 'text'].map((name) => ({
        input: [name],
        output: [`${name}Out`],
        opType: 'Identity',
      })),
      output: [
        value('xOut', FLOAT, ['batch', 3]),
        value('nOut', INT64, [2]),
        value('flagOut', BOOL, []),
        value('halfOut', 10, [2]),
        value('textOut', 8, [1]),
      ],
    });
    const path = file('identities', bytes);
    const { outputs } = await runForeignOnnx(path, (summary) => exampleFeeds(summary, path));
    expect(outputs.get('xOut')).toEqual({ elementType: 'float32', shape: [1, 3], data: new Float32Array(3) });
    expect(outputs.get('nOut')!.data).toEqual(new BigInt64Array(2));
    expect(outputs.get('flagOut')).toEqual({ elementType: 'bool', shape: [], data: new Uint8Array(1) });
    expect(outputs.get('textOut')!.data).toEqual(['']);
    const drawn = await runForeignOnnx(path, (summary) => exampleFeeds(summary, path, () => 0.75));
    expect(drawn.outputs.get('xOut')!.data).toEqual(new Float32Array(3).fill(0.5));
    expect(drawn.outputs.get('nOut')!.data).toEqual(BigInt64Array.of(1n, 1n));
    expect(drawn.outputs.get('halfOut')!.data).toEqual(Uint16Array.of(0x3c00, 0x3c00));
  });

  it('that does not end is ended', async () => {
    const feeds = new Map([['x', { elementType: 'float32', shape: [2], data: new Float32Array(2) }]]);
    expect(await failure(file('endless', endless()), feeds, { timeoutSeconds: 2 })).toContain(
      'not done after 2 seconds',
    );
  });

  it('that takes too much memory is ended', async () => {
    const data = BigInt64Array.of(40_000n, 100_000n);
    const feeds = new Map([['sizes', { elementType: 'int64', shape: [2], data }]]);
    const message = await failure(file('growing', growing), feeds, { memoryMegabytes: 400 });
    expect(message).toContain('more than 400 MB of memory');
  });

  it.runIf(process.arch === 'x64')('that crashes leaves this process alone', async () => {
    const path = file('division', division);
    const pair = (a: number, b: number): ForeignFeeds => new Map(Object.entries({ a: int32(a), b: int32(b) }));
    const fine = await runForeignOnnx(path, pair(7, 2));
    expect(fine.outputs.get('y')!.data).toEqual(Int32Array.of(3));
    expect(await failure(path, pair(-(2 ** 31), -1))).toContain('its process crashed (SIGFPE)');
  });

  it('that onnxruntime refuses is said to be refused', async () => {
    const table = toOnnx({ y: gather(input('table', [3, 2]), input('ids', [1], 'int32')) });
    const path = file('gather', table);
    const rows = { elementType: 'float32', shape: [3, 2], data: new Float32Array(6) };
    expect(
      await failure(
        path,
        new Map([
          ['table', rows],
          ['ids', int32(3)],
        ]),
      ),
    ).toContain('out of data bounds');
    const unknown = model({
      input: [value('x', FLOAT, [1])],
      node: [{ input: ['x'], output: ['y'], opType: 'NoSuchOp' }],
      output: [value('y', FLOAT, [1])],
    });
    const x = { elementType: 'float32', shape: [1], data: new Float32Array(1) };
    expect(await failure(file('unknown', unknown), new Map([['x', x]]))).toContain('NoSuchOp');
  });

  it('that is not well-formed, or fed with something else, is never started', async () => {
    await expect(runForeignOnnx(file('broken', growing.subarray(1)), new Map())).rejects.toBeInstanceOf(OnnxError);
    const path = file('division', division);
    const feeds = { a: int32(7), b: int32(1) };
    for (const lie of [
      { b: undefined },
      { b: int32(1, 2) },
      { c: int32(1) },
      { b: { ...int32(1), elementType: 'float32' } },
      { b: { ...int32(1), data: new Float32Array(1) } },
    ]) {
      const lying = Object.entries({ ...feeds, ...lie }).filter(([, tensor]) => tensor !== undefined);
      await expect(runForeignOnnx(path, new Map(lying) as ForeignFeeds)).rejects.toBeInstanceOf(FeedError);
    }
  });

  it('may not ask for more than fits', () => {
    const inputs = [{ name: 'x', elementType: 'float32', shape: [2 ** 40, 2 ** 40] }];
    const summary = { inputs } as unknown as Parameters<typeof exampleFeeds>[0];
    expect(() => exampleFeeds(summary, 'large.onnx')).toThrow(OnnxError);
  });
});
