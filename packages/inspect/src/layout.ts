// A map of vectors: UMAP (McInnes, Healy & Melville 2018) over the neighbours that an HNSW graph finds, seeded.
// Neighbours come precomputed, so that nothing is quadratic in their number.
import { ConceptIndex } from '@strata/concept';
import { RandomStream } from '@strata/nn';
import { UMAP } from 'umap-js';

const NEIGHBOURS = 15;
const MINIMUM_DISTANCE = 0.15;
/** The fewest points that have a shape worth computing. */
const FEWEST = 5;
/** umap-js takes a mean over all distances for each point whose neighbours all lie at 0; this keeps any from being at 0. */
const LEAST_DISTANCE = 1e-6;

/** How far a layout is: what is done now, and the share of it. */
export type LayoutProgress = (step: string, share: number) => void;

/** Version of what `layOut` computes; a change of it makes cached maps old. */
export const LAYOUT_VERSION = 1;

/** Positions [C, 2] within [-1, 1] of vectors [C, D], the same for the same vectors and seed. */
export function layOut(
  vectors: Float32Array,
  count: number,
  seed: number,
  progress: LayoutProgress = () => {},
): Float32Array {
  if (count < FEWEST) return onCircle(count);
  progress('building the index of neighbours', 0);
  const index = new ConceptIndex(vectors, count, seed);
  const size = Math.min(NEIGHBOURS, count - 1);
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let concept = 0; concept < count; concept++) {
    const near = index.near(concept, size - 1);
    const row = [concept, ...near.map((found) => found.concept)];
    const away = [0, ...near.map((found) => Math.max(LEAST_DISTANCE, 1 - found.cosine))];
    // Where the graph knows fewer, a point is its own further neighbour, which counts for nothing.
    while (row.length < size) {
      row.push(concept);
      away.push(away.at(-1)!);
    }
    indices.push(row);
    distances.push(away);
    if (concept % 500 === 0) progress('finding neighbours', concept / count);
  }
  progress('weighing neighbours', 0);
  const random = new RandomStream(seed, 'map of concepts');
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: size,
    minDist: MINIMUM_DISTANCE,
    random: () => random.uniform(),
  });
  umap.setPrecomputedKNN(indices, distances);
  // Only the number of points is read of the data once neighbours are known.
  const epochs = umap.initializeFit(Array.from({ length: count }, () => [0]));
  progress('laying out the map', 0);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    progress('laying out the map', (epoch + 1) / epochs);
  }
  return fitted(umap.getEmbedding());
}

/** Moved and scaled alike in both directions, so that 99 of 100 points fill [-1, 1]; the rest comes to its edge. */
function fitted(embedding: readonly (readonly number[])[]): Float32Array {
  const axis = (of: 0 | 1): { middle: number; half: number } => {
    const sorted = Float64Array.from(embedding, (point) => point[of]!).sort();
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
    return { middle: (at(0.005) + at(0.995)) / 2, half: (at(0.995) - at(0.005)) / 2 };
  };
  const axes = [axis(0), axis(1)] as const;
  const scale = 0.95 / Math.max(axes[0].half, axes[1].half, 1e-9);
  const positions = new Float32Array(2 * embedding.length);
  for (const [i, point] of embedding.entries())
    for (const of of [0, 1] as const)
      positions[2 * i + of] = Math.max(-1, Math.min(1, (point[of]! - axes[of].middle) * scale));
  return positions;
}

function onCircle(count: number): Float32Array {
  return Float32Array.from({ length: 2 * count }, (_, at) => {
    const angle = (2 * Math.PI * Math.floor(at / 2)) / count;
    return 0.7 * (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
}
