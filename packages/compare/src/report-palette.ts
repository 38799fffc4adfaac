// One colour for each level and each part of the ledger, the same in every figure of the report.
// The hues are those of Okabe & Ito (2008, "Color Universal Design"), which stay apart under the common colour blindnesses.
import { baseName, kindOf } from './model-kinds.js';

/** A part of the ledger as it is drawn: its place in the stack, its fill, and the ink that reads on that fill. */
export interface PartStyle {
  readonly order: number;
  readonly fill: string;
  readonly ink: string;
}

const WHITE = '#ffffff';
const BLACK = '#16181d';

// From the thought down to the letters, as a text is rendered.
const PARTS: readonly { readonly words: RegExp; readonly fill: string; readonly ink: string }[] = [
  { words: /gestalt/i, fill: '#d55e00', ink: BLACK },
  { words: /boundar/i, fill: '#e69f00', ink: BLACK },
  { words: /concept/i, fill: '#009e73', ink: BLACK },
  { words: /feature/i, fill: '#56b4e9', ink: BLACK },
  { words: /lemma|word/i, fill: '#0072b2', ink: WHITE },
  { words: /spell/i, fill: '#cc79a7', ink: BLACK },
  { words: /case/i, fill: '#f0e442', ink: BLACK },
  { words: /gap/i, fill: '#b8bec9', ink: BLACK },
  { words: /subword|piece|token/i, fill: '#6b7280', ink: WHITE },
];

// Names the list does not know take these in turn.
const FURTHER = ['#8f7bd6', '#a0522d', '#4db6ac', '#9e9d24'];

/** How a part called `name` is drawn; the first known word decides, so that 'lemma given concept' is drawn as lemma. */
export function partStyle(name: string, unknownIndex = 0): PartStyle {
  const found = PARTS.map((part, order) => ({ ...part, order, at: name.search(part.words) }))
    .filter((part) => part.at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  if (found) return { order: found.order, fill: found.fill, ink: found.ink };
  return { order: PARTS.length + unknownIndex, fill: FURTHER[unknownIndex % FURTHER.length]!, ink: BLACK };
}

/** The names of `parts` from the thought down to the letters, unknown names last, and how each is drawn. */
export function orderedParts(names: Iterable<string>): readonly { readonly name: string; readonly style: PartStyle }[] {
  let unknown = 0;
  const styled = [...new Set(names)].map((name) => {
    const style = partStyle(name, unknown);
    if (style.order >= PARTS.length) unknown++;
    return { name, style };
  });
  return styled.sort((a, b) => a.style.order - b.style.order);
}

const LEVELS = ['subword', 'word', 'concept', 'gestalt'];

/** The CSS colour of a level's lines and marks; a level that is not one of the four has a colour of its own. */
export function levelColour(name: string): string {
  return `var(--level-${LEVELS.includes(name) ? name : 'further'})`;
}

/** The CSS colour of a model's marks: the ladder's accent, and one for each kind that stands beside it. */
export function modelColour(name: string): string {
  const kind = kindOf(name);
  if (kind === 'ladder') return 'var(--accent)';
  if (kind === 'part') return 'var(--muted)';
  if (kind === 'variant') return 'var(--level-variant)';
  if (kind === 'flat') return `var(--level-${/flat-(?:flops|bytes|memory)/.exec(name)?.[0] ?? 'flat'})`;
  return `var(--level-${baseName(name)})`;
}

/** The place of a level on the ladder, 0 at the bottom; further levels stand above the four. */
export function levelOrder(name: string): number {
  const index = LEVELS.indexOf(name);
  return index < 0 ? LEVELS.length : index;
}

/** The custom properties that `levelColour` and `modelColour` name, for light and dark paper. */
export const LEVEL_COLOURS = {
  light: {
    subword: '#5b6472',
    word: '#0072b2',
    concept: '#00805d',
    gestalt: '#c25400',
    further: '#6f58c9',
    flat: '#a8447f',
    'flat-flops': '#6f2456',
    'flat-bytes': '#c2587f',
    'flat-memory': '#8a2f3f',
    spacebyte: '#7a4a1e',
    blocks: '#6b7300',
    variant: '#5646c8',
  },
  dark: {
    subword: '#a9b1bd',
    word: '#56b4e9',
    concept: '#2cc297',
    gestalt: '#f08a3c',
    further: '#ab9cf0',
    flat: '#e08fbf',
    'flat-flops': '#f3c9e0',
    'flat-bytes': '#d98aa8',
    'flat-memory': '#f0a0a8',
    spacebyte: '#d3a27a',
    blocks: '#c3cc4a',
    variant: '#b5a8fa',
  },
} as const;
