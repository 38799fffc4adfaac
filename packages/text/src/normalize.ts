// What a file's text becomes before anything is trained on it or scored: nothing, or a Project Gutenberg book's own text.
// The frame that is removed is described in Project Gutenberg's "Small Print" and in its header and footer lines.
import { blocksOfLines, rejoinBlock } from './paragraphs.js';

/** How a corpus is normalised: 'gutenberg' strips the frame and rejoins wrapped lines, 'none' takes text as it is. */
export type Normalization = 'gutenberg' | 'none';

/** The names that `normalize` accepts. */
export const normalizations: readonly Normalization[] = ['gutenberg', 'none'];

const endOfHeader = /^(\*{3}\s*START OF (THE|THIS)?\s*PROJECT GUTENBERG|\*+\s*END\s?\*?\s?THE SMALL PRINT)/i;
const startOfFooter = /^(\*{3}\s*END OF (THE|THIS)?\s*PROJECT GUTENBERG|End of (the |this )?Project Gutenberg)/i;
const markers = [endOfHeader, startOfFooter];
const bracketedTitle = /^\[[^\]]*\]$/;

/** Normalises a text; idempotent. What comes out is the original text as far as scoring is concerned. */
export function normalizeText(text: string, normalization: Normalization): string {
  return normalization === 'gutenberg' ? normalizeGutenberg(text) : text;
}

function normalizeGutenberg(text: string): string {
  const blocks = blocksOfLines(text.replace(/^\ufeff+/, ''))
    .flatMap(apartFromMarkers)
    .flatMap(rejoinBlock);
  const body = withoutFrame(blocks);
  return body.map((block) => `${block.join('\n')}\n`).join('\n');
}

// A marker starts a block of its own, lest it be joined to the book's lines; it may be wrapped over a few lines.
function apartFromMarkers(block: readonly string[]): string[][] {
  const blocks: string[][] = [[]];
  let inMarker = false;
  for (const line of block) {
    const isMarker = markers.some((marker) => marker.test(line));
    if (isMarker || (inMarker && /\*{3}$/.test(blocks.at(-1)!.at(-1)!))) blocks.push([]);
    if (isMarker) inMarker = true;
    else if (blocks.at(-1)!.length === 0) inMarker = false;
    blocks.at(-1)!.push(line);
  }
  return blocks.filter((lines) => lines.length > 0);
}

function withoutFrame(blocks: readonly string[][]): string[][] {
  const has = (marker: RegExp) => (block: readonly string[]) => block.some((line) => marker.test(line));
  const footer = blocks.findIndex(has(startOfFooter));
  const unended = footer < 0 ? blocks : blocks.slice(0, footer);
  const body = unended.slice(unended.findLastIndex(has(endOfHeader)) + 1);
  const titles = body.findIndex((block) => block.length > 1 || !bracketedTitle.test(block[0]!));
  return titles < 0 ? [] : body.slice(titles);
}
