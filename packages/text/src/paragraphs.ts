// Hard-wrapped plain text made into paragraphs: one line each, a blank line between; verse and tables keep their lines.
// The layout is Project Gutenberg's (volunteers' FAQ, "V.", on line length and verse). Every decision is local to a
// block and survives the joining of its lines, so that rejoining what was rejoined changes nothing.

import { CorpusFileError } from './corpus-errors.js';

/** Paragraphs are rejoined in memory, so they must have an end. */
const LONGEST_PARAGRAPH = 1 << 24;

// A line that could have held this many characters with the next word was ended on purpose: no wrap is that narrow.
const NARROWEST_WRAP = 44;
// This many lines that all begin with a capital are verse, however long they are.
const VERSE_LINES = 4;

const indented = /^[ \t]/;
const capitalFirst = /^["'“‘(_[]*\p{Lu}/u;
// "bounded--" or "sea-" at the end of a line, "--as" at the start of one: nothing stood between them and the next word.
const openDash = /[^\s-]--?$/;
const leadingDash = /^--[^\s-]/;

/** The lines of a text that comes in chunks; line ends are LF, CR LF or CR. Throws CorpusFileError for an endless one. */
export function* linesOfChunks(chunks: Iterable<string>, source: string): Generator<string, void, undefined> {
  let rest = '';
  for (const chunk of chunks) {
    const text = rest + chunk;
    // A CR at the end may be half of a CR LF.
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n?|\n/);
    rest = lines.pop()! + '\r'.repeat(held);
    yield* lines;
    refuseTooLong(rest.length, source);
  }
  yield rest.replace(/\r$/, '');
}

/** Gathers lines into blocks at blank lines; white space at line ends is dropped. Throws CorpusFileError for an endless one. */
export function* blocksOfLines(lines: Iterable<string>, source: string): Generator<string[], void, undefined> {
  let block: string[] = [];
  let length = 0;
  for (const line of lines) {
    const kept = line.trimEnd();
    if (kept !== '') {
      block.push(kept);
      length += kept.length;
      refuseTooLong(length, source);
    } else if (block.length > 0) {
      yield block;
      block = [];
      length = 0;
    }
  }
  if (block.length > 0) yield block;
}

function refuseTooLong(length: number, source: string): void {
  if (length <= LONGEST_PARAGRAPH) return;
  throw new CorpusFileError(
    source,
    `a paragraph has more than ${LONGEST_PARAGRAPH} characters, which is no book of Project Gutenberg`,
    'Take the text as it is: normalize: none.',
  );
}

/** Rejoins the wrapped lines of one block; gives one or more blocks, as an indented first line starts a paragraph. */
export function rejoinBlock(lines: readonly string[]): string[][] {
  if (lines.length === 1) return [[tidy(lines[0]!)]];
  const blocks: string[][] = [];
  let block: string[] = [];
  let run: string[] = [];
  const endRun = (): void => {
    for (const line of rejoinRun(run)) block.push(line);
    run = [];
  };
  const endBlock = (): void => {
    endRun();
    if (block.length > 0) blocks.push(block);
    block = [];
  };
  for (const [index, line] of lines.entries()) {
    if (!indented.test(line)) {
      run.push(line);
    } else if (startsParagraph(lines, index)) {
      endBlock();
      run.push(line);
    } else {
      endRun();
      block.push(line);
    }
  }
  endBlock();
  return blocks;
}

// An indented line between lines that are not, which its successor's first word would have overfilled.
function startsParagraph(lines: readonly string[], index: number): boolean {
  const before = lines[index - 1];
  const after = lines[index + 1];
  if (after === undefined || indented.test(after) || (before !== undefined && indented.test(before))) return false;
  return !endsOnPurpose(tidy(lines[index]!), tidy(after));
}

// One run of lines becomes one line if it is prose; verse stays as it is.
function rejoinRun(run: readonly string[]): string[] {
  const lines = run.map(tidy);
  const [first, ...rest] = lines;
  if (first === undefined || isVerse(lines)) return lines;
  return [rest.reduce((joined, line, index) => joined + (isGlued(lines[index]!, line) ? '' : ' ') + line, first)];
}

// `lines[index]` above is the line before, as `rest` lacks the first: the joined line would be tested again and again.
function isGlued(line: string, next: string): boolean {
  return openDash.test(line) || leadingDash.test(next);
}

function isVerse(lines: readonly string[]): boolean {
  const rest = lines.slice(1);
  const onPurpose = rest.filter((line, index) => endsOnPurpose(lines[index]!, line)).length;
  if (onPurpose * 2 > rest.length) return true;
  return lines.length >= VERSE_LINES && lines.every((line) => capitalFirst.test(line));
}

// The next word counts up to its first dash: what is glued on behind a dash must not change the answer.
function endsOnPurpose(line: string, next: string): boolean {
  return line.length + 1 + /^[^ -]*/.exec(next)![0].length <= NARROWEST_WRAP;
}

// Two spaces after a period and the like are layout, not text.
function tidy(line: string): string {
  return line.trim().replace(/[ \t]+/g, ' ');
}
