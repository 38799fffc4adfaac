// Labels pushed apart along one axis until none covers another, each as near to its own place as the others allow.
// Least squares under an order with a minimum distance: isotonic regression by pooling adjacent violators (Ayer et al. 1955).

/** Returns positions for ascending `wanted` positions that are at least `distance` apart, same unit, same order. */
export function spreadOut(wanted: readonly number[], distance: number): number[] {
  // With the distances taken out, "far enough apart" becomes "not decreasing".
  const blocks: { sum: number; size: number }[] = [];
  for (const [index, position] of wanted.entries()) {
    let block = { sum: position - index * distance, size: 1 };
    let before = blocks.at(-1);
    while (before && before.sum / before.size >= block.sum / block.size) {
      block = { sum: before.sum + block.sum, size: before.size + block.size };
      blocks.pop();
      before = blocks.at(-1);
    }
    blocks.push(block);
  }
  const levelled = blocks.flatMap((block) => new Array<number>(block.size).fill(block.sum / block.size));
  return levelled.map((position, index) => position + index * distance);
}
