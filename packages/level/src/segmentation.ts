// A segmentation: units of one level as spans over the units of the level below. Spans tile, so nothing is lost.

export class SegmentationError extends Error {
  override name = 'SegmentationError';
}

/** Spans [ends[i-1], ends[i]) over `belowLength` units of the level below; every span holds at least one. */
export class Segmentation {
  constructor(
    readonly ends: Int32Array,
    readonly belowLength: number,
  ) {
    let previous = 0;
    for (let i = 0; i < ends.length; i++) {
      if (ends[i] <= previous)
        throw new SegmentationError(`span ${i} ends at ${ends[i]}, not after ${previous} where it starts`);
      previous = ends[i];
    }
    if (previous !== belowLength)
      throw new SegmentationError(`spans end at ${previous} and leave ${belowLength - previous} units uncovered`);
  }

  get length(): number {
    return this.ends.length;
  }

  start(i: number): number {
    return i === 0 ? 0 : this.ends[i - 1];
  }

  end(i: number): number {
    return this.ends[i];
  }
}
