// A concept as one vector: the mean of its members' vectors in the word level's table, the space in which the concept level
// speaks (model.ts). Its own table of inputs knows much less after as much training (experiments/LOG.md).

/** Vectors [C, D] of concepts from `members`, the lemma ids of each, and the word level's table [V, D] of `width` D. */
export function conceptVectors(members: readonly Int32Array[], lemmas_VD: Float32Array, width: number): Float32Array {
  const means = new Float32Array(members.length * width);
  for (const [concept, ids] of members.entries())
    for (const id of ids)
      for (let k = 0; k < width; k++) means[concept * width + k]! += lemmas_VD[id * width + k]! / ids.length;
  return means;
}
