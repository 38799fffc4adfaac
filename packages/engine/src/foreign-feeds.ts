// Something to feed to a model of which only the file is known: zeros, or numbers from a generator.
// Free dimensions become 1; whole numbers are drawn from 0 and 1, since they are indices more often than not.
import { FOREIGN_ARRAYS, type ForeignData, type ForeignTensor } from './foreign-run.js';
import { OnnxError, quoted } from './onnx-error.js';
import type { OnnxValue } from './onnx-graph-check.js';
import type { OnnxSummary } from './read-onnx.js';

/** Most bytes of all feeds together. */
const MAXIMUM_FEED_BYTES = 1e9;
/** The bits of 1 as float16. */
const HALF_ONE = 0x3c00;

function filled(value: OnnxValue, count: number, draw: (() => number) | undefined): ForeignData {
  const { elementType } = value;
  if (elementType === 'string') return new Array<string>(count).fill('');
  const data = new (FOREIGN_ARRAYS.get(elementType)!)(count);
  if (draw === undefined) return data;
  const bit = (): number => (draw() < 0.5 ? 0 : 1);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return data.map(() => BigInt(bit()));
  if (data instanceof Float32Array || data instanceof Float64Array) return data.map(() => 2 * draw() - 1);
  if (elementType === 'float16') return data.map(() => bit() * HALF_ONE);
  return data.map(bit);
}

/**
 * Feeds for all inputs that have no default: zeros, or with `draw` (numbers in [0, 1)) floats in [-1, 1) and whole numbers
 * 0 or 1; free dimensions are 1, and unknown ranks scalars. Throws OnnxError for types that cannot be fed and for more than
 * 10^9 bytes.
 */
export function exampleFeeds(
  { inputs }: OnnxSummary,
  path: string,
  draw?: () => number,
): ReadonlyMap<string, ForeignTensor> {
  const feeds = new Map<string, ForeignTensor>();
  const refuse = (found: string, accepted: string): never => {
    throw new OnnxError({ path, found, accepted, next: 'feed and run it in a program of your own' });
  };
  let left = BigInt(MAXIMUM_FEED_BYTES);
  for (const value of inputs) {
    const { name, elementType } = value;
    const array = FOREIGN_ARRAYS.get(elementType);
    if (array === undefined && elementType !== 'string')
      refuse(`input ${quoted(name)} is of ${elementType}`, [...FOREIGN_ARRAYS.keys(), 'string'].join(', '));
    const shape = (value.shape ?? []).map((length) => (typeof length === 'string' ? 1 : length));
    const count = shape.reduce((product, length) => product * BigInt(length), 1n);
    left -= count * BigInt(array === undefined ? 8 : new array(0).BYTES_PER_ELEMENT);
    if (left < 0n)
      refuse(`input ${quoted(name)} has shape [${shape.join(', ')}]`, `${MAXIMUM_FEED_BYTES} bytes in all`);
    feeds.set(name, { elementType, shape, data: filled(value, Number(count), draw) });
  }
  return feeds;
}
