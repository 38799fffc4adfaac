export type { Boundary } from './boundary.js';
export { byteLength, bytesFromText, textFromBytes } from './bytes.js';
export { MAXIMUM_UNIT_BYTES } from './cut.js';
export { type StreamedUnit, segmentUnits, type UnitSpan, UnitStream } from './units.js';
