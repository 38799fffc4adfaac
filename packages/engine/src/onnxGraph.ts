// A graph of ONNX nodes under construction: names, constants kept once, equal nodes kept once.
// Names count upwards in the order of construction, so the same graph always gives the same bytes.
import { createHash } from 'node:crypto';
import type { DType, Shape } from '@strata/tensor';
import {
  type AttributeMessage,
  ElementType,
  encodeMessage,
  irVersion,
  type NodeMessage,
  operatorSets,
  type TensorMessage,
  type ValueInfoMessage,
} from './onnxSchema.js';

/** Attributes by name: integers (or flags), lists of integers, strings; a float is wrapped, since JS has one number type. */
export type Attributes = Readonly<
  Record<string, number | boolean | string | readonly number[] | { readonly float: number }>
>;

interface MutableNode extends NodeMessage {
  readonly output: string[];
}

function attributeMessage([name, value]: [string, Attributes[string]]): AttributeMessage {
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if (typeof value === 'object')
    return 'float' in value ? { name, type: 1, f: value.float } : { name, type: 7, ints: value };
  return { name, type: 2, i: Number(value) };
}

function valueInfo(name: string, shape: Shape, dtype: DType): ValueInfoMessage {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: ElementType[dtype], shape: { dim } } } };
}

/** Collects nodes, constants, inputs and outputs, and writes them as one model. */
export class OnnxGraph {
  readonly #nodes: MutableNode[] = [];
  readonly #nodeByKey = new Map<string, MutableNode>();
  readonly #initializers: TensorMessage[] = [];
  readonly #constantByKey = new Map<string, string>();
  readonly #inputs: ValueInfoMessage[] = [];
  readonly #outputs: ValueInfoMessage[] = [];
  readonly #renamed = new Map<string, string>();
  /** Computed values that no output has given its name to. */
  readonly #unclaimed = new Set<string>();
  #count = 0;

  #freshName(): string {
    return `%${this.#count++}`;
  }

  /** Declares an input and returns its name. */
  input(name: string, shape: Shape, dtype: DType): string {
    this.#inputs.push(valueInfo(name, shape, dtype));
    return name;
  }

  /** A tensor stored in the model under a name of its own. */
  initializer(name: string, values: Float32Array | Int32Array, shape: Shape): string {
    const dataType = values instanceof Int32Array ? ElementType.int32 : ElementType.float32;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push({ dims: shape, dataType, name, rawData });
    return name;
  }

  /** A constant tensor; equal ones are stored once. */
  constant(values: Float32Array | Int32Array | BigInt64Array, shape: Shape): string {
    const dataType =
      values instanceof BigInt64Array
        ? ElementType.int64
        : values instanceof Int32Array
          ? ElementType.int32
          : ElementType.float32;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key = `${dataType}[${shape.join()}]${createHash('sha256').update(rawData).digest('hex')}`;
    const known = this.#constantByKey.get(key);
    if (known !== undefined) return known;
    const name = this.#freshName();
    this.#initializers.push({ dims: shape, dataType, name, rawData });
    this.#constantByKey.set(key, name);
    return name;
  }

  /** A one-dimensional int64 constant, as ONNX wants shapes and axes. */
  integers(...values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  #append(opType: string, input: readonly string[], attributes: Attributes, domain: string): MutableNode {
    const attribute = Object.entries(attributes).map(attributeMessage);
    const node = { input, output: [], name: `${opType}_${this.#nodes.length}`, opType, attribute, domain };
    this.#nodes.push(node);
    return node;
  }

  #outputOf(node: MutableNode, index: number): string {
    while (node.output.length <= index) {
      const name = this.#freshName();
      node.output.push(name);
      this.#unclaimed.add(name);
    }
    return node.output[index]!;
  }

  /** Adds a node, or finds an equal one, and returns the name of one of its outputs (the first by default). */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, domain = '', output = 0): string {
    const key = JSON.stringify([opType, domain, input, attributes]);
    const node = this.#nodeByKey.get(key) ?? this.#append(opType, input, attributes, domain);
    this.#nodeByKey.set(key, node);
    return this.#outputOf(node, output);
  }

  /** Declares an output. A computed value takes the output's name; an input, a constant or a value named already is copied. */
  output(name: string, value: string, shape: Shape): void {
    const own = this.#unclaimed.has(value) ? value : this.#outputOf(this.#append('Identity', [value], {}, ''), 0);
    this.#unclaimed.delete(own);
    this.#renamed.set(own, name);
    this.#outputs.push(valueInfo(name, shape, 'float32'));
  }

  /** The model as bytes. */
  encode(): Uint8Array {
    const named = (name: string) => this.#renamed.get(name) ?? name;
    return encodeMessage({
      irVersion,
      producerName: 'strata',
      graph: {
        node: this.#nodes.map((node) => ({ ...node, input: node.input.map(named), output: node.output.map(named) })),
        name: 'strata',
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
      opsetImport: operatorSets,
    });
  }
}
