// The element types of ONNX by number: their names as onnxruntime has them, their size, and where typed data is kept.
// From: onnx.proto, TensorProto.DataType and the comments on the data fields.

/** The fields of a TensorProto that hold values which are not raw. */
export type TypedField = 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data' | 'stringData';

/** One element type. */
export interface OnnxElementType {
  readonly name: string;
  /** Bits of one element in raw data; undefined for strings, which are never raw. */
  readonly bits?: number;
  /** True for types whose elements can be parameters. */
  readonly floating: boolean;
  readonly field: TypedField;
  /** Entries of `field` that one element takes. */
  readonly entries: number;
}

const type = (name: string, bits: number, field: TypedField, floating = false, entries = 1): OnnxElementType => ({
  name,
  bits,
  field,
  floating,
  entries,
});

const ELEMENT_TYPES: ReadonlyMap<number, OnnxElementType> = new Map([
  [1, type('float32', 32, 'floatData', true)],
  [2, type('uint8', 8, 'int32Data')],
  [3, type('int8', 8, 'int32Data')],
  [4, type('uint16', 16, 'int32Data')],
  [5, type('int16', 16, 'int32Data')],
  [6, type('int32', 32, 'int32Data')],
  [7, type('int64', 64, 'int64Data')],
  [8, { name: 'string', field: 'stringData', floating: false, entries: 1 }],
  [9, type('bool', 8, 'int32Data')],
  [10, type('float16', 16, 'int32Data', true)],
  [11, type('float64', 64, 'doubleData', true)],
  [12, type('uint32', 32, 'uint64Data')],
  [13, type('uint64', 64, 'uint64Data')],
  [14, type('complex64', 64, 'floatData', true, 2)],
  [15, type('complex128', 128, 'doubleData', true, 2)],
  [16, type('bfloat16', 16, 'int32Data', true)],
  [17, type('float8e4m3fn', 8, 'int32Data', true)],
  [18, type('float8e4m3fnuz', 8, 'int32Data', true)],
  [19, type('float8e5m2', 8, 'int32Data', true)],
  [20, type('float8e5m2fnuz', 8, 'int32Data', true)],
  [21, type('uint4', 4, 'int32Data')],
  [22, type('int4', 4, 'int32Data')],
  [23, type('float4e2m1', 4, 'int32Data', true)],
]);

/** The element type of that number, or undefined if there is none. */
export function elementTypeOf(dataType: number): OnnxElementType | undefined {
  return ELEMENT_TYPES.get(dataType);
}
