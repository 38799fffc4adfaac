// Nearest concepts are the nearest, in order, with their true cosines.
import { RandomStream } from '@strata/nn';
import { describe, expect, it } from 'vitest';
import { ConceptIndex, ConceptIndexError } from './concept-index.js';

const count = 400;
const width = 16;
const random = new RandomStream(4, 'concept vectors');
const vectors = Float32Array.from({ length: count * width }, () => random.normal());

function cosineOf(left: number, right: number): number {
  let product = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  for (let column = 0; column < width; column++) {
    product += vectors[left * width + column]! * vectors[right * width + column]!;
    leftSquare += vectors[left * width + column]! ** 2;
    rightSquare += vectors[right * width + column]! ** 2;
  }
  return product / Math.sqrt(leftSquare * rightSquare);
}

describe('ConceptIndex', () => {
  it('agrees with a full search', () => {
    const index = new ConceptIndex(vectors, count);
    let agreed = 0;
    for (let concept = 0; concept < count; concept += 8) {
      const exact = [...Array(count).keys()]
        .filter((other) => other !== concept)
        .sort((left, right) => cosineOf(concept, right) - cosineOf(concept, left))
        .slice(0, 10);
      const found = index.near(concept, 10);
      expect(found).toHaveLength(10);
      for (const near of found) expect(near.cosine).toBeCloseTo(cosineOf(concept, near.concept), 6);
      agreed += found.filter((near) => exact.includes(near.concept)).length;
    }
    expect(agreed / 500).toBeGreaterThan(0.98);
  });

  it('answers for any vector, and for more than there are', () => {
    const index = new ConceptIndex(vectors, count);
    expect(index.nearVector(vectors.subarray(width * 7, width * 8), 1)[0]).toMatchObject({ concept: 7 });
    expect(
      new ConceptIndex(vectors.subarray(0, width * 3), 3)
        .near(0, 50)
        .map(({ concept }) => concept)
        .sort(),
    ).toEqual([1, 2]);
    expect(new ConceptIndex(Float32Array.of(0, 0, 1, 0), 2).near(0, 1)).toEqual([{ concept: 1, cosine: 0 }]);
  });

  it('refuses shapes that do not fit, numbers that are none, and unknown concepts', () => {
    expect(() => new ConceptIndex(vectors, 399)).toThrow(ConceptIndexError);
    expect(() => new ConceptIndex(Float32Array.of(1, Number.NaN), 1)).toThrow(/concept 0/);
    const index = new ConceptIndex(vectors, count);
    expect(() => index.near(count, 1)).toThrow(/0 to 399/);
    expect(() => index.nearVector([1], 1)).toThrow(/width 1/);
  });
});
