// Models that are forged one lie at a time: each is refused with the place and the reason, and nothing else happens.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { add, constant, gradients, input, matmul, multiply, rotary, sum } from '@strata/tensor';
import { afterAll, describe, expect, it } from 'vitest';
import { toOnnx } from './index.js';
import { OnnxError } from './onnx-error.js';
import { isSet } from './onnx-graph-check.js';
import { decodeMessage, modelType } from './onnxSchema.js';
import { type OnnxLimits, readOnnx } from './read-onnx.js';

type Json = Record<string, unknown>;

const folder = mkdtempSync(join(tmpdir(), 'strata-onnx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model of some x and its negative; `change` tells a lie about it. */
function forged(change: (model: { graph: Json } & Json, graph: Record<string, Json[]>) => void): Uint8Array {
  const value = (name: string) => ({ name, type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }] } } } });
  const graph = {
    name: 'g',
    node: [
      { input: ['x', 'w'], output: ['h'], opType: 'Mul', name: 'first' },
      { input: ['h'], output: ['y'], opType: 'Neg', name: 'second' },
    ],
    initializer: [{ name: 'w', dataType: 1, dims: [2], rawData: new Uint8Array(8) }],
    input: [value('x')],
    output: [value('y')],
  };
  const model = { irVersion: 9, opsetImport: [{ domain: '', version: 20 }], graph };
  change(model as never, graph as never);
  return modelType.encode(modelType.fromObject(model)).finish();
}

/** The message of a refusal. */
function refusal(source: Uint8Array | string, limits: Partial<OnnxLimits> = {}): string {
  try {
    readOnnx(source, limits);
  } catch (error) {
    expect(error).toBeInstanceOf(OnnxError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('a summary', () => {
  it('says what a model of ours takes, gives and holds', () => {
    const x = input('x', [2, 3]);
    const w = input('w', [3, 4]);
    const loss = sum(multiply(matmul(x, w), constant(new Float32Array(8).fill(2), [2, 4])));
    const summary = readOnnx(
      toOnnx({ loss, gradient: gradients(loss, [w])[0]! }, { initializers: new Map([['w', new Float32Array(12)]]) }),
    );
    expect(summary.inputs).toEqual([{ name: 'x', elementType: 'float32', shape: [2, 3] }]);
    expect(summary.outputs).toEqual([
      { name: 'loss', elementType: 'float32', shape: [] },
      { name: 'gradient', elementType: 'float32', shape: [3, 4] },
    ]);
    expect(summary.parameters).toBeGreaterThanOrEqual(12 + 8);
    expect(summary.producer.name).toBe('strata');
    expect(summary.opsets).toEqual([
      { domain: '', version: 20 },
      { domain: 'com.microsoft', version: 1 },
    ]);
    expect(summary.ops.map(({ opType }) => opType)).toContain('Gemm');
    expect(summary.ops.reduce((total, { count }) => total + count, 0)).toBe(summary.nodes);
  });

  it('has flags of 0 written out, which the format wants of every attribute', () => {
    const bytes = toOnnx({ y: matmul(input('x', [2, 3]), input('w', [3, 4])) });
    const { node } = decodeMessage(bytes).graph!;
    const attributes = node.flatMap(({ attribute }) => attribute);
    expect(attributes.map(({ name }) => name)).toContain('transA');
    for (const attribute of attributes)
      expect(['f', 'i', 's', 'ints'].filter((member) => isSet(attribute, member))).toHaveLength(1);
  });

  it('counts ops of both domains', () => {
    const tables = constant(new Float32Array(2).fill(1), [2, 1]);
    const x = input('x', [1, 2, 2]);
    const { ops } = readOnnx(toOnnx({ y: add(rotary(x, tables, tables), 1) }));
    expect(ops).toContainEqual({ domain: 'com.microsoft', opType: 'RotaryEmbedding', count: 1 });
    expect(ops).toContainEqual({ domain: '', opType: 'Add', count: 1 });
  });

  it('tells names of free dimensions, unknown ranks, defaults of inputs, and what was noted', () => {
    const summary = readOnnx(
      forged((model, graph) => {
        const free = { tensorType: { elemType: 7, shape: { dim: [{ dimParam: 'batch' }, {}, { dimValue: 0 }] } } };
        graph.input!.push({ name: 'ids', type: free }, { name: 'any', type: { tensorType: { elemType: 9 } } });
        graph.input!.push({ name: 'w', type: { tensorType: { elemType: 1, shape: {} } } });
        model.metadataProps = [{ key: '__proto__', value: 'kept' }];
        model.docString = 'a model';
      }),
    );
    expect(summary.inputs.slice(1)).toEqual([
      { name: 'ids', elementType: 'int64', shape: ['batch', '?', 0] },
      { name: 'any', elementType: 'bool', shape: null },
    ]);
    expect(summary.optionalInputs).toEqual([{ name: 'w', elementType: 'float32', shape: [] }]);
    expect(summary.metadata).toEqual([{ key: '__proto__', value: 'kept' }]);
    expect(summary.doc).toBe('a model');
  });

  it('is the same from a file', () => {
    const bytes = forged(() => {});
    const path = join(folder, 'model.onnx');
    writeFileSync(path, bytes);
    expect(readOnnx(path)).toEqual(readOnnx(bytes));
  });
});

describe('files', () => {
  it('that are missing, folders, empty or too large are refused by name', () => {
    const path = join(folder, 'large.onnx');
    writeFileSync(path, new Uint8Array(100));
    expect(refusal(join(folder, 'none.onnx'))).toContain('none.onnx: there is no such file');
    expect(refusal(folder)).toContain('not a regular file');
    expect(refusal(path, { maximumBytes: 99 })).toContain('100 bytes long. Accepted: at most 99 bytes');
    writeFileSync(path, '');
    expect(refusal(path)).toContain('it is empty');
  });

  it('that onnxruntime would take for its own format are refused, however well-formed', () => {
    const bytes = forged((model) => {
      model.producerName = 'xxORTM';
      model.irVersion = undefined;
    });
    // The name comes first in a file without a version; its text is then at the place of the other format's letters.
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe('ORTM');
    expect(refusal(bytes)).toContain("onnxruntime's own format");
  });
});

describe('the wire format', () => {
  const bytesOf = (...parts: (number | string)[]): Uint8Array =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

  it.each([
    ['an unknown field', bytesOf(0xf8, 0x01, 0x00), 'unknown field 31'],
    ['a length beyond the end', bytesOf(0x12, 0x7f, 'abc'), 'producerName of 127 bytes where 3 are left'],
    ['a length of 2^32', bytesOf(0x12, 0x80, 0x80, 0x80, 0x80, 0x10), 'more than 32 bits'],
    ['a length without end', bytesOf(0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), 'more than five bytes'],
    ['a number without end', bytesOf(0x08, ...new Array<number>(11).fill(0xff), 0), 'more than ten bytes'],
    ['a number that is cut', bytesOf(0x08, 0xff), 'goes on beyond its message'],
    ['a group', bytesOf(0x3b, 0x3c), 'wire type 3'],
    ['a field of another type', bytesOf(0x3d, 1, 2, 3, 4), 'wire type 5'],
    ['a single field twice', bytesOf(0x08, 9, 0x08, 9), 'irVersion a second time'],
    ['two graphs, which others would merge', bytesOf(0x3a, 0, 0x3a, 0), 'graph a second time'],
    ['text that is not UTF-8', bytesOf(0x12, 2, 0xc3, 0x28), 'producerName that is not UTF-8'],
  ])('with %s is refused', (_, bytes, message) => {
    expect(refusal(bytes)).toContain(message);
  });

  it('may not nest without end', () => {
    let type = bytesOf();
    // A sequence of sequences of sequences.
    const wrap = (id: number, inner: Uint8Array) =>
      modelTypeLength(inner.length, (length) => Buffer.concat([bytesOf(id * 8 + 2), length, inner]));
    for (let depth = 0; depth < 500; depth++) type = wrap(4, wrap(1, type));
    expect(refusal(wrap(7, wrap(11, wrap(2, type))))).toContain('nested deeper than 32');
  });

  it('may not hold more parts than fit into memory, in whatever form', () => {
    const many = 200_000;
    const empties = (id: number) =>
      Buffer.from(new Uint8Array(2 * many).map((_, at) => (at % 2 === 0 ? id * 8 + 2 : 0)));
    const inGraph = (inner: Uint8Array) =>
      modelTypeLength(inner.length, (length) => Buffer.concat([bytesOf(0x3a), length, inner]));
    for (const bytes of [empties(8), inGraph(empties(1)), inGraph(empties(5))])
      expect(refusal(bytes, { maximumParts: 1000 })).toContain('more than 1000 parts');
    const packed = forged((_, graph) => {
      graph.node![0]!.attribute = [{ name: 'a', type: 7, ints: new Array<number>(many).fill(0) }];
    });
    expect(refusal(packed, { maximumParts: 1000 })).toContain('more than 1000 parts');
  });
});

/** Calls `make` with a length as a varint. */
function modelTypeLength(length: number, make: (length: Uint8Array) => Uint8Array): Buffer<ArrayBuffer> {
  const bytes: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) break;
  }
  return Buffer.from(make(Buffer.from(bytes)));
}

describe('a tensor', () => {
  const tensor = (lie: Json): string =>
    refusal(
      forged((_, graph) => {
        Object.assign(graph.initializer![0]!, lie);
      }),
    );

  it.each<[string, Json, string]>([
    ['too few bytes', { dims: [3] }, 'has 8 bytes of data. Accepted: the 12 of float32 [3]'],
    ['dimensions that overflow 64 bits', { dims: [2147483648, 2147483648, 16] }, '295147905179352825856'],
    ['a negative dimension', { dims: [-2] }, 'a dimension of -2'],
    ['too many dimensions', { dims: new Array<number>(65).fill(1) }, '65 dimensions'],
    ['no data', { rawData: undefined }, '0 values of data. Accepted: the 2 of float32 [2]'],
    ['another type', { dataType: 7 }, 'Accepted: the 16 of int64 [2]'],
    ['an unknown type', { dataType: 99 }, 'element type 99'],
    ['typed data beside raw data', { floatData: [new Uint8Array(8)] }, 'raw and typed data'],
    ['typed data of another type', { rawData: undefined, int32Data: [new Uint8Array(2)] }, 'has int32Data'],
    ['typed data that is cut', { rawData: undefined, floatData: [new Uint8Array(7)] }, 'cut off'],
    ['raw strings', { dataType: 8 }, 'strings as raw data'],
    ['data in another file', { dataLocation: 1, rawData: undefined }, 'another file'],
    ['a path to another file', { externalData: [{ key: 'location', value: '../../secret' }] }, 'another file'],
  ])('with %s is refused by name', (_, lie, message) => {
    expect(tensor(lie)).toContain('initializer "w"');
    expect(tensor(lie)).toContain(message);
  });

  it('may be typed, of strings, of half bytes, or empty', () => {
    const packed = Uint8Array.of(5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    for (const truth of [
      { rawData: undefined, floatData: [new Uint8Array(4), new Uint8Array(4)] },
      { rawData: undefined, dataType: 7, int64Data: [packed] },
      { rawData: undefined, dataType: 8, stringData: [new Uint8Array(3), new Uint8Array(0)] },
      { rawData: new Uint8Array(2), dataType: 22, dims: [3] },
      { rawData: undefined, dims: [0, 2 ** 40] },
    ])
      expect(
        readOnnx(
          forged((_, graph) => {
            Object.assign(graph.initializer![0]!, truth);
          }),
        ).tensors,
      ).toBe(1);
  });
});

describe('a graph', () => {
  type Lie = (graph: Record<string, Json[]>, model: Json) => void;
  const branch = (inner: Json): Json => ({
    name: 'then_branch',
    type: 5,
    g: { node: [{ input: ['x'], output: ['inner'], opType: 'Neg' }], output: [{ name: 'inner' }], ...inner },
  });

  it.each<[string, Lie, string]>([
    ['a value used before it is computed', ({ node }) => node!.reverse(), 'is only computed afterwards'],
    ['a cycle', ({ node }) => Object.assign(node![0]!, { input: ['x', 'y'] }), 'is only computed afterwards'],
    ['a value from nowhere', ({ node }) => Object.assign(node![1]!, { input: ['z'] }), '"z", which nothing gives'],
    ['a name given twice', ({ node }) => Object.assign(node![1]!, { output: ['h'] }), 'the name is taken'],
    ['an input twice', ({ input: inputs }) => inputs!.push(inputs![0]!), 'input "x": the name is taken'],
    ['an initializer twice', ({ initializer }) => initializer!.push(initializer![0]!), 'initializer "w"'],
    ['an output that is not computed', ({ output }) => Object.assign(output![0]!, { name: 'q' }), 'output "q"'],
    ['an output twice', ({ output }) => output!.push(output![0]!), 'listed twice'],
    ['no outputs', ({ output }) => output!.splice(0), 'no outputs'],
    ['an op of another domain', ({ node }) => Object.assign(node![0]!, { domain: 'evil' }), 'domain "evil"'],
    [
      'a domain that was not declared',
      ({ node }) => Object.assign(node![0]!, { domain: 'com.microsoft' }),
      'opset_import',
    ],
    ['an op that opens files', ({ node }) => Object.assign(node![0]!, { opType: 'EPContext' }), 'opens another file'],
    ['no op', ({ node }) => Object.assign(node![0]!, { opType: '' }), 'no op_type'],
    [
      'an attribute twice',
      ({ node }) => Object.assign(node![0]!, { attribute: [0, 1].map((i) => ({ name: 'a', type: 2, i })) }),
      'twice',
    ],
    [
      'an attribute of two kinds',
      ({ node }) => Object.assign(node![0]!, { attribute: [{ name: 'a', type: 2, ints: [1] }] }),
      'holds ints',
    ],
    [
      'an attribute of no kind',
      ({ node }) => Object.assign(node![0]!, { attribute: [{ name: 'a', type: 12 }] }),
      'type 12',
    ],
    [
      'a reference out of a function',
      ({ node }) => Object.assign(node![0]!, { attribute: [{ name: 'a', type: 2, refAttrName: 'b' }] }),
      "function's",
    ],
    [
      'a forged tensor in an attribute',
      ({ node }) =>
        Object.assign(node![0]!, { attribute: [{ name: 'value', type: 4, t: { dims: [9], dataType: 1 } }] }),
      'Accepted: the 9',
    ],
    [
      'an input that is no tensor',
      ({ input: inputs }) => Object.assign(inputs![0]!, { type: { sequenceType: {} } }),
      'no tensor',
    ],
    [
      'a subgraph that hides a name',
      ({ node }) => Object.assign(node![1]!, { attribute: [branch({ input: [{ name: 'x' }] })] }),
      'input "x": the name is taken',
    ],
    [
      'a subgraph that looks ahead',
      ({ node }) =>
        Object.assign(node![0]!, {
          attribute: [branch({ node: [{ input: ['h'], output: ['inner'], opType: 'Neg' }] })],
        }),
      '"h", which nothing gives',
    ],
    ['functions', (_, model) => Object.assign(model, { functions: [new Uint8Array(3)] }), 'functions'],
    ['a training graph', (_, model) => Object.assign(model, { trainingInfo: [new Uint8Array(3)] }), 'training graph'],
    ['no graph', (_, model) => Object.assign(model, { graph: undefined }), 'no graph'],
    ['a version to come', (_, model) => Object.assign(model, { irVersion: 99 }), 'IR version 99'],
    [
      'operators to come',
      (_, model) => Object.assign(model, { opsetImport: [{ domain: '', version: 99 }] }),
      'opset 99',
    ],
    [
      'operators twice',
      (_, model) => Object.assign(model, { opsetImport: [0, 1].map(() => ({ domain: 'ai.onnx', version: 20 })) }),
      'twice',
    ],
    ['no operators', (_, model) => Object.assign(model, { opsetImport: [] }), 'opset_import'],
  ])('with %s is refused', (_, lie, message) => {
    expect(refusal(forged((model, graph) => lie(graph, model)))).toContain(message);
  });

  it('may have subgraphs that see the values around them, and siblings of equal names', () => {
    const two = [branch({}), { ...branch({}), name: 'else_branch' }];
    const summary = readOnnx(forged((_, { node }) => Object.assign(node![1]!, { attribute: two })));
    expect(summary.ops).toContainEqual({ domain: '', opType: 'Neg', count: 3 });
  });

  it('may not have subgraphs in subgraphs without end', () => {
    const nested = (depth: number): Json =>
      branch({
        node: [{ input: ['x'], output: ['inner'], opType: 'If', attribute: depth === 0 ? [] : [hidden(depth)] }],
      });
    const hidden = (depth: number): Json => {
      const inner = nested(depth - 1);
      const name = `inner${depth}`;
      const graph = inner.g as { node: Json[] };
      return { ...inner, g: { ...graph, node: [{ ...graph.node[0]!, output: [name] }], output: [{ name }] } };
    };
    const model = (depth: number) => forged((_, { node }) => Object.assign(node![1]!, { attribute: [nested(depth)] }));
    expect(readOnnx(model(3)).nodes).toBe(6);
    expect(refusal(model(4))).toContain('graphs nested deeper than 4');
  });

  it('cannot flood a message', () => {
    const name = 'n'.repeat(100_000);
    expect(
      refusal(forged((_, { node }) => Object.assign(node![1]!, { input: [name], opType: name, name }))).length,
    ).toBeLessThan(600);
  });
});
