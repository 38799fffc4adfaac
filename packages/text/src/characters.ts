// Character classes for cutting text into units: one table for the basic plane, properties for the rest.
// Source: Unicode general categories and emoji properties, as the JavaScript engine knows them (UTS #18, UTS #51).

/** What the cutter needs to know of a code point. */
export const CharacterClass = {
  /** Punctuation, symbols, controls: whatever is nothing below. */
  mark: 0,
  space: 1,
  letter: 2,
  digit: 3,
  /** Combining marks and zero-width joiners: they continue a word and extend a symbol. */
  combining: 4,
  /** Emoji skin tones and tags: they extend a symbol only. */
  modifier: 5,
  /** Half of a flag. */
  regional: 6,
  /** A surrogate without its partner: a byte that was not UTF-8, or a broken string. */
  lone: 7,
  /** Only in the table: a surrogate code unit, look at the whole code point. */
  surrogate: 8,
} as const;

export type CharacterClass = (typeof CharacterClass)[keyof typeof CharacterClass];

const classes: readonly (readonly [CharacterClass, RegExp])[] = [
  [CharacterClass.space, /^\s/u],
  [CharacterClass.letter, /^\p{L}/u],
  [CharacterClass.digit, /^\p{Nd}/u],
  [CharacterClass.combining, /^[\p{M}\u200c\u200d]/u],
  [CharacterClass.modifier, /^[\p{EMod}\u{e0020}-\u{e007f}]/u],
  [CharacterClass.regional, /^\p{RI}/u],
  [CharacterClass.lone, /^\p{Surrogate}/u],
];

function classify(point: number): CharacterClass {
  const character = String.fromCodePoint(point);
  for (const [name, pattern] of classes) if (pattern.test(character)) return name;
  return CharacterClass.mark;
}

const table = new Uint8Array(0x10000);
for (let point = 0; point < table.length; point++) {
  table[point] = point >= 0xd800 && point <= 0xdfff ? CharacterClass.surrogate : classify(point);
}

/** The class of one UTF-16 code unit; `CharacterClass.surrogate` for either half of a pair. */
export function codeUnitClass(unit: number): CharacterClass {
  return table[unit] as CharacterClass;
}

/** The class of one code point. */
export function codePointClass(point: number): CharacterClass {
  if (point > 0xffff) return classify(point);
  const found = table[point] as CharacterClass;
  return found === CharacterClass.surrogate ? CharacterClass.lone : found;
}

/** The class of the code point that ends just before `at`; `space` at the start of the text. */
export function classBefore(text: string, at: number): CharacterClass {
  if (at === 0) return CharacterClass.space;
  const unit = text.charCodeAt(at - 1);
  const found = table[unit] as CharacterClass;
  if (found !== CharacterClass.surrogate) return found;
  const pair = at > 1 ? text.codePointAt(at - 2)! : unit;
  return codePointClass(pair > 0xffff ? pair : unit);
}
