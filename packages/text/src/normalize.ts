// What a file's text becomes before anything is trained on it or scored: nothing, or a Project Gutenberg book's own text.
// The frame that is removed is described in Project Gutenberg's "Small Print" and in its header and footer lines.
import { blocksOfLines, linesOfChunks, rejoinBlock } from './paragraphs.js';

/** How a corpus is normalised: 'gutenberg' strips the frame and rejoins wrapped lines, 'none' takes text as it is. */
export type Normalization = 'gutenberg' | 'none';

/** The names that `normalize` accepts. */
export const normalizations: readonly Normalization[] = ['gutenberg', 'none'];

const endOfHeader = /^(\*{3}\s*START OF (THE|THIS)?\s*PROJECT GUTENBERG|\*+\s*END\s?\*?\s?THE SMALL PRINT)/i;
const startOfFooter = /^(\*{3}\s*END OF (THE|THIS)?\s*PROJECT GUTENBERG|End of (the |this )?Project Gutenberg)/i;
const markers = [endOfHeader, startOfFooter];
const bracketedTitle = /^\[[^\]]*\]$/;

const PENDING_CHARACTERS = 1 << 16;

/** Normalises a text; idempotent. What comes out is the original text as far as scoring is concerned. */
export function normalizeText(text: string, normalization: Normalization, source = 'the text'): string {
  return normalization === 'none' ? text : [...normalizeChunks(() => [text], normalization, source)].join('');
}

/**
 * The same for a text that comes in chunks, which are asked for twice: the frame can only be removed once it is found.
 * `source` names the text in errors; throws CorpusFileError for a paragraph that no memory should hold.
 */
export function* normalizeChunks(
  chunks: () => Iterable<string>,
  normalization: Normalization,
  source = 'the text',
): Generator<string, void, undefined> {
  if (normalization === 'none') {
    yield* chunks();
    return;
  }
  const blocks = (): Iterable<string[]> => gutenbergBlocks(chunks(), source);
  let separator = '';
  let pending = '';
  for (const block of withinFrame(blocks(), frameOf(blocks()))) {
    pending += `${separator}${block.join('\n')}\n`;
    separator = '\n';
    if (pending.length < PENDING_CHARACTERS) continue;
    yield pending;
    pending = '';
  }
  if (pending !== '') yield pending;
}

function* gutenbergBlocks(chunks: Iterable<string>, source: string): Generator<string[], void, undefined> {
  for (const wrapped of blocksOfLines(linesOfChunks(withoutMark(chunks), source), source))
    for (const block of apartFromMarkers(wrapped)) yield* rejoinBlock(block);
}

// Byte order marks at the start of a text are none of it.
function* withoutMark(chunks: Iterable<string>): Generator<string, void, undefined> {
  let atStart = true;
  for (const chunk of chunks) {
    const text: string = atStart ? chunk.replace(/^\ufeff+/, '') : chunk;
    atStart &&= text === '';
    yield text;
  }
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

/** The blocks [from, to) that lie between a book's header and its footer. */
interface Frame {
  readonly from: number;
  readonly to: number;
}

function frameOf(blocks: Iterable<readonly string[]>): Frame {
  let from = 0;
  let index = 0;
  for (const block of blocks) {
    if (block.some((line) => startOfFooter.test(line))) return { from, to: index };
    index++;
    if (block.some((line) => endOfHeader.test(line))) from = index;
  }
  return { from, to: index };
}

// What lies within the frame, but for bracketed titles before the first block of another kind.
function* withinFrame(blocks: Iterable<string[]>, { from, to }: Frame): Generator<string[], void, undefined> {
  let index = 0;
  let inTitles = true;
  for (const block of blocks) {
    if (index >= to) return;
    if (index++ < from) continue;
    inTitles &&= block.length === 1 && bracketedTitle.test(block[0]!);
    if (!inTitles) yield block;
  }
}
