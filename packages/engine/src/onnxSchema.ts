// The ONNX messages that models hold, with the field numbers of the format (onnx.proto, IR version 9).
// Written down here, so that the engine depends on a protobuf encoder and on nothing generated.
import protobuf from 'protobufjs';

/** ONNX element types (TensorProto.DataType). */
export const ElementType = { float32: 1, int32: 6, int64: 7 } as const;

/** Versions of the operator sets that a model declares; IR version 9 came with ONNX opset 20. */
export const irVersion = 9;
export const operatorSets = [
  { domain: '', version: 20 },
  { domain: 'com.microsoft', version: 1 },
];

export interface TensorMessage {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly name: string;
  readonly rawData: Uint8Array;
}

export interface AttributeMessage {
  readonly name: string;
  /** 1 FLOAT, 2 INT, 3 STRING, 7 INTS. */
  readonly type: 1 | 2 | 3 | 7;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

export interface NodeMessage {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly AttributeMessage[];
  readonly domain: string;
}

export interface ValueInfoMessage {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly { readonly dimValue: number }[] };
    };
  };
}

export interface ModelMessage {
  readonly irVersion: number;
  readonly producerName: string;
  readonly graph: {
    readonly node: readonly NodeMessage[];
    readonly name: string;
    readonly initializer: readonly TensorMessage[];
    readonly input: readonly ValueInfoMessage[];
    readonly output: readonly ValueInfoMessage[];
  };
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
}

const field = (id: number, type: string) => ({ id, type });
const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' });
// proto2, as ONNX: a field that is set is written even when it holds its default (an attribute of 0, a dimension of 0).
// It has to be said of every message; said of the root alone, protobufjs takes all of them for proto3.
const named = (fields: Record<string, { id: number; type: string }>) => ({ edition: 'proto2', fields });

// What models hold beyond what is written here is named too, since a reader refuses fields that it does not know.
const root = protobuf.Root.fromJSON({
  nested: {
    AttributeProto: named({
      name: field(1, 'string'),
      f: field(2, 'float'),
      i: field(3, 'int64'),
      s: field(4, 'bytes'),
      t: field(5, 'TensorProto'),
      g: field(6, 'GraphProto'),
      floats: repeated(7, 'float'),
      ints: repeated(8, 'int64'),
      strings: repeated(9, 'bytes'),
      tensors: repeated(10, 'TensorProto'),
      graphs: repeated(11, 'GraphProto'),
      docString: field(13, 'string'),
      tp: field(14, 'TypeProto'),
      typeProtos: repeated(15, 'TypeProto'),
      type: field(20, 'int32'),
      refAttrName: field(21, 'string'),
      sparseTensor: field(22, 'SparseTensorProto'),
      sparseTensors: repeated(23, 'SparseTensorProto'),
    }),
    NodeProto: named({
      input: repeated(1, 'string'),
      output: repeated(2, 'string'),
      name: field(3, 'string'),
      opType: field(4, 'string'),
      attribute: repeated(5, 'AttributeProto'),
      docString: field(6, 'string'),
      domain: field(7, 'string'),
      overload: field(8, 'string'),
      metadataProps: repeated(9, 'StringStringEntryProto'),
    }),
    // Typed data is taken as the packed bytes that it is: it is counted, never unpacked.
    TensorProto: named({
      dims: repeated(1, 'int64'),
      dataType: field(2, 'int32'),
      floatData: repeated(4, 'bytes'),
      int32Data: repeated(5, 'bytes'),
      stringData: repeated(6, 'bytes'),
      int64Data: repeated(7, 'bytes'),
      name: field(8, 'string'),
      rawData: field(9, 'bytes'),
      doubleData: repeated(10, 'bytes'),
      uint64Data: repeated(11, 'bytes'),
      docString: field(12, 'string'),
      externalData: repeated(13, 'StringStringEntryProto'),
      dataLocation: field(14, 'int32'),
      metadataProps: repeated(16, 'StringStringEntryProto'),
    }),
    SparseTensorProto: named({
      values: field(1, 'TensorProto'),
      indices: field(2, 'TensorProto'),
      dims: repeated(3, 'int64'),
    }),
    Dimension: named({ dimValue: field(1, 'int64'), dimParam: field(2, 'string'), denotation: field(3, 'string') }),
    TensorShapeProto: named({ dim: repeated(1, 'Dimension') }),
    TensorTypeProto: named({ elemType: field(1, 'int32'), shape: field(2, 'TensorShapeProto') }),
    ElementTypeProto: named({ elemType: field(1, 'TypeProto') }),
    MapTypeProto: named({ keyType: field(1, 'int32'), valueType: field(2, 'TypeProto') }),
    TypeProto: named({
      tensorType: field(1, 'TensorTypeProto'),
      sequenceType: field(4, 'ElementTypeProto'),
      mapType: field(5, 'MapTypeProto'),
      denotation: field(6, 'string'),
      sparseTensorType: field(8, 'TensorTypeProto'),
      optionalType: field(9, 'ElementTypeProto'),
    }),
    ValueInfoProto: named({
      name: field(1, 'string'),
      type: field(2, 'TypeProto'),
      docString: field(3, 'string'),
      metadataProps: repeated(4, 'StringStringEntryProto'),
    }),
    TensorAnnotation: named({
      tensorName: field(1, 'string'),
      quantParameterTensorNames: repeated(2, 'StringStringEntryProto'),
    }),
    GraphProto: named({
      node: repeated(1, 'NodeProto'),
      name: field(2, 'string'),
      initializer: repeated(5, 'TensorProto'),
      docString: field(10, 'string'),
      input: repeated(11, 'ValueInfoProto'),
      output: repeated(12, 'ValueInfoProto'),
      valueInfo: repeated(13, 'ValueInfoProto'),
      quantizationAnnotation: repeated(14, 'TensorAnnotation'),
      sparseInitializer: repeated(15, 'SparseTensorProto'),
      metadataProps: repeated(16, 'StringStringEntryProto'),
    }),
    OperatorSetIdProto: named({ domain: field(1, 'string'), version: field(2, 'int64') }),
    StringStringEntryProto: named({ key: field(1, 'string'), value: field(2, 'string') }),
    // Taken as bytes, since a model that has any is refused.
    ModelProto: named({
      irVersion: field(1, 'int64'),
      producerName: field(2, 'string'),
      producerVersion: field(3, 'string'),
      domain: field(4, 'string'),
      modelVersion: field(5, 'int64'),
      docString: field(6, 'string'),
      graph: field(7, 'GraphProto'),
      opsetImport: repeated(8, 'OperatorSetIdProto'),
      metadataProps: repeated(14, 'StringStringEntryProto'),
      trainingInfo: repeated(20, 'bytes'),
      functions: repeated(25, 'bytes'),
    }),
  },
});

/** The type of a whole model file, with the types of all its parts. */
export const modelType = root.lookupType('ModelProto');
modelType.root.resolveAll();

/** The bytes of a model; equal messages give equal bytes. */
export function encodeMessage(model: ModelMessage): Uint8Array {
  return modelType.encode(model).finish();
}

/** An int64 as protobufjs reads it. */
export type Int64 = number | { toBigInt(): bigint };

/** A tensor as it was read; typed data is still packed. */
export interface ReadTensor {
  readonly dims: readonly Int64[];
  readonly dataType: number;
  readonly name: string;
  readonly rawData: Uint8Array;
  readonly floatData: readonly Uint8Array[];
  readonly int32Data: readonly Uint8Array[];
  readonly int64Data: readonly Uint8Array[];
  readonly doubleData: readonly Uint8Array[];
  readonly uint64Data: readonly Uint8Array[];
  readonly stringData: readonly Uint8Array[];
  readonly externalData: readonly ReadEntry[];
  readonly dataLocation: number;
}

/** A pair of strings. */
export interface ReadEntry {
  readonly key: string;
  readonly value: string;
}

/** A type as it was read; only tensors' are looked into. */
export interface ReadType {
  readonly tensorType?: {
    readonly elemType: number;
    readonly shape?: { readonly dim: readonly { readonly dimValue?: Int64; readonly dimParam?: string }[] } | null;
  } | null;
}

/** A named value as it was read. */
export interface ReadValueInfo {
  readonly name: string;
  readonly type?: ReadType | null;
}

/** An attribute as it was read; members that the file does not set hold the defaults of the format. */
export interface ReadAttribute {
  readonly name: string;
  readonly type: number;
  readonly refAttrName: string;
  readonly t?: ReadTensor | null;
  readonly g?: ReadGraph | null;
  readonly tensors: readonly ReadTensor[];
  readonly graphs: readonly ReadGraph[];
}

/** A node as it was read. */
export interface ReadNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly ReadAttribute[];
  readonly domain: string;
  readonly overload: string;
}

/** A graph as it was read. */
export interface ReadGraph {
  readonly node: readonly ReadNode[];
  readonly name: string;
  readonly docString: string;
  readonly initializer: readonly ReadTensor[];
  readonly sparseInitializer: readonly unknown[];
  readonly input: readonly ReadValueInfo[];
  readonly output: readonly ReadValueInfo[];
}

/** A model as it was read. */
export interface ReadModel {
  readonly irVersion: Int64;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly docString: string;
  readonly graph?: ReadGraph | null;
  readonly opsetImport: readonly { readonly domain: string; readonly version: Int64 }[];
  readonly metadataProps: readonly ReadEntry[];
  readonly trainingInfo: readonly Uint8Array[];
  readonly functions: readonly Uint8Array[];
}

/** The message in bytes that `checkWire` has walked over; fields that are not set read as the format's defaults. */
export function decodeMessage(bytes: Uint8Array): ReadModel {
  // As a Buffer, whose slices are views and whose strings are read natively.
  return modelType.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) as unknown as ReadModel;
}

/** An int64 in full. */
export function bigintOf(value: Int64): bigint {
  return typeof value === 'number' ? BigInt(value) : value.toBigInt();
}
