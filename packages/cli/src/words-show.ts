// The units of a text as people and programs read them: one line, or one JSON object, a unit.
// From: Strata, WORDS; offsets count UTF-16 code units, as JavaScript does, and bytes.
import { type Boundary, byteLength } from '@strata/text';
import { type Axes, CASING_NAMES, type Language, type Reading, type ReadUnit } from '@strata/word';
import { oneLine } from './io.js';

/** A unit as it is shown; a file of encoded words keeps no tags. */
export interface ShownUnit {
  readonly gap: string;
  readonly surface: string;
  readonly casing: number;
  readonly boundary: Boundary;
  readonly reading: Reading;
  readonly tag?: string;
}

/** A unit that was just read, to be shown. */
export function shownUnit({ unit, casing, reading, tag }: ReadUnit): ShownUnit {
  return { gap: unit.gap, surface: unit.surface, boundary: unit.boundary, casing, reading, tag };
}

const BOUNDARIES = ['none', 'sentence', 'paragraph'] as const;

/** One JSON object of a unit; the surface lies at [start, end) and [startByte, endByte), its gap before it. */
export interface UnitJson {
  readonly surface: string;
  readonly gap: string;
  readonly lemma: string;
  readonly slot: string;
  readonly axes: Axes;
  /** 'british' or 'american', where the form is spelled so in one country only. */
  readonly spelling?: string;
  readonly casing: string;
  readonly variant: number;
  readonly tag?: string;
  readonly boundary: (typeof BOUNDARIES)[number];
  readonly start: number;
  readonly end: number;
  readonly startByte: number;
  readonly endByte: number;
}

/** Describes the units of one text in order, and knows where each stands. */
export class UnitDescriber {
  #at = 0;
  #atByte = 0;

  constructor(private readonly language: Language) {}

  /** All there is to know of the next unit. */
  json({ gap, surface, casing, boundary, reading, tag }: ShownUnit): UnitJson {
    const start = this.#at + gap.length;
    const startByte = this.#atByte + byteLength(gap);
    this.#at = start + surface.length;
    this.#atByte = startByte + byteLength(surface);
    const { lemma, slot, variant } = reading;
    const form = this.language.realizations(lemma, slot)[variant];
    const spelling = form === undefined ? undefined : this.language.spellingOf?.(form);
    return {
      surface,
      gap,
      lemma,
      slot,
      axes: this.language.axes(lemma, slot),
      ...(spelling !== undefined && { spelling }),
      casing: CASING_NAMES[casing]!,
      variant,
      ...(tag !== undefined && { tag }),
      boundary: BOUNDARIES[boundary],
      start,
      end: this.#at,
      startByte,
      endByte: this.#atByte,
    };
  }

  /** The next unit on one line: offset, boundary, gap and surface, lemma, tag, and whatever else it marks. */
  line(unit: ShownUnit): string {
    const { surface, gap, lemma, axes, spelling, casing, variant, tag, boundary, start } = this.json(unit);
    const marks = Object.entries(axes).map(([axis, value]) => `${axis}=${value}`);
    if (spelling !== undefined) marks.push(`spelling=${spelling}`);
    if (unit.casing > 0) marks.push(casing);
    if (variant > 0) marks.push(`variant=${variant}`);
    const columns = [
      String(start).padStart(8),
      BOUNDARY_SIGNS[boundary].padEnd(1),
      padded(`${visible(gap)}${visible(surface)}`, 18),
      padded(visible(lemma), 16),
      ...(tag === undefined ? [] : [tag.padEnd(5)]),
      marks.join(' '),
    ];
    return columns.join('  ').trimEnd();
  }
}

/** The signs that begin the line of what starts a sentence or a paragraph. */
const BOUNDARY_SIGNS = { none: ' ', sentence: '|', paragraph: '¶' } as const;

/** Text on one line with every white space to be seen: U+2423 for a space, control pictures, U+XXXX for rare ones. */
function visible(text: string): string {
  return oneLine(text)
    .replaceAll(' ', '␣')
    .replace(/\s/gu, (space) => `<U+${space.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`);
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - [...text].length));
