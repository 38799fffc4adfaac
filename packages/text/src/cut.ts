// Where a unit ends: words, clitics (Penn Treebank, Marcus et al. 1993), numbers, marks, excess white space.
// Every rule looks a bounded way ahead, so cutting takes linear time and a text may arrive piece by piece.
import { codePointBytes } from './bytes.js';
import { CharacterClass, classBefore, codePointClass, codeUnitClass } from './characters.js';

/** The most UTF-8 bytes that a surface, or a gap, may have. */
export const MAXIMUM_UNIT_BYTES = 16;

/** Where one unit lies in its text, in UTF-16 code units: gap [gapStart, start), surface [start, end). */
export interface Cut {
  readonly gapStart: number;
  readonly start: number;
  readonly end: number;
}

/** Titles and the like whose period belongs to the word; `true` where the abbreviation may also end a sentence. */
const abbreviations: ReadonlyMap<string, boolean> = new Map([
  ...['Mr', 'Mrs', 'Ms', 'Dr', 'St', 'Messrs', 'Mme', 'Mlle', 'Prof', 'Rev', 'Hon', 'Capt', 'Col', 'Gen', 'Lt', 'Maj']
    .flatMap((title) => [title, title.toUpperCase()])
    .map((title) => [title, false] as const),
  ...['Sgt', 'Gov', 'Pres', 'vs', 'viz'].map((title) => [title, false] as const),
  ...['Esq', 'Jr', 'Sr', 'Co', 'Ltd', 'etc'].map((ending) => [ending, true] as const),
]);
const LONGEST_ABBREVIATION = Math.max(...[...abbreviations.keys()].map((key) => key.length));

const APOSTROPHE = 0x27;
const RIGHT_QUOTE = 0x2019;
const PERIOD = 0x2e;
const COMMA = 0x2c;
const ZERO_WIDTH_JOINER = 0x200d;

/** Cuts the unit that begins (with its gap) at `from`, which must be the end of another unit and less than text.length. */
export function cutUnit(text: string, from: number): Cut {
  const start = spaceEnd(text, from);
  if (start === from) return { gapStart: from, start, end: surfaceEnd(text, from) };
  const excess = start === text.length || codeUnitClass(text.charCodeAt(start)) === CharacterClass.space;
  if (excess) return { gapStart: from, start: from, end: start };
  return { gapStart: from, start, end: surfaceEnd(text, start) };
}

/** Whether a word takes a period that follows it ("Mr"). */
export function isAbbreviation(word: string): boolean {
  return abbreviations.has(word);
}

/** Whether a surface is an abbreviation with its period that may also end a sentence ("etc."). */
export function isClosingAbbreviation(surface: string): boolean {
  return surface.endsWith('.') && abbreviations.get(surface.slice(0, -1)) === true;
}

// The end of the white space from `from`, at most MAXIMUM_UNIT_BYTES of it (which also keeps a gap to 16 characters).
function spaceEnd(text: string, from: number): number {
  let at = from;
  let room = MAXIMUM_UNIT_BYTES;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (codeUnitClass(unit) !== CharacterClass.space) break;
    room -= codePointBytes(unit);
    if (room < 0) break;
    at++;
  }
  return at;
}

function surfaceEnd(text: string, start: number): number {
  switch (classAt(text, start)) {
    case CharacterClass.letter:
    case CharacterClass.combining:
      return wordEnd(text, start);
    case CharacterClass.digit:
      return numberEnd(text, start);
    case CharacterClass.lone:
      return runEnd(text, start, (point) => codePointClass(point) === CharacterClass.lone);
    case CharacterClass.regional:
      return flagEnd(text, start);
    default:
      return clitic(text, start) || markEnd(text, start);
  }
}

function classAt(text: string, at: number): CharacterClass {
  if (at >= text.length) return CharacterClass.space;
  const found = codeUnitClass(text.charCodeAt(at));
  return found === CharacterClass.surrogate ? codePointClass(text.codePointAt(at)!) : found;
}

// A run of letters and their combining marks; "n't" is left to the next unit, and an abbreviation takes its period.
function wordEnd(text: string, start: number): number {
  let at = start;
  let room = MAXIMUM_UNIT_BYTES;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const found = codeUnitClass(unit);
    if (found === CharacterClass.letter || found === CharacterClass.combining) {
      room -= unit < 0x80 ? 1 : codePointBytes(unit);
      if (room < 0) break;
      at++;
    } else if (found === CharacterClass.surrogate) {
      const point = text.codePointAt(at)!;
      const whole = codePointClass(point);
      if (whole !== CharacterClass.letter && whole !== CharacterClass.combining) break;
      room -= 4;
      if (room < 0) break;
      at += 2;
    } else {
      break;
    }
  }
  const next = text.charCodeAt(at);
  if (isApostrophe(next) && lower(text.charCodeAt(at - 1)) === 'n' && lower(text.charCodeAt(at + 1)) === 't') {
    return at - 1 > start ? at - 1 : at + 2;
  }
  return next === PERIOD && takesPeriod(text, start, at) ? at + 1 : at;
}

function takesPeriod(text: string, start: number, end: number): boolean {
  return (
    end - start <= LONGEST_ABBREVIATION &&
    text.charCodeAt(end + 1) !== PERIOD &&
    abbreviations.has(text.slice(start, end)) &&
    classBefore(text, start) !== CharacterClass.letter
  );
}

// The end of 's 'm 'd 'll 've 're from an apostrophe that directly follows a word, a number or its emphasis; 0 if none.
function clitic(text: string, start: number): number {
  if (!isApostrophe(text.charCodeAt(start)) || !mayCarryClitic(text, start)) return 0;
  const first = lower(text.charCodeAt(start + 1));
  let end = start + 2;
  if (first === 'l' || first === 'v' || first === 'r') {
    if (lower(text.charCodeAt(start + 2)) !== (first === 'l' ? 'l' : 'e')) return 0;
    end = start + 3;
  } else if (first !== 's' && first !== 'm' && first !== 'd') {
    return 0;
  }
  const after = classAt(text, end);
  return after === CharacterClass.letter || after === CharacterClass.combining ? 0 : end;
}

function mayCarryClitic(text: string, at: number): boolean {
  const before = classBefore(text, at);
  if (before === CharacterClass.letter || before === CharacterClass.combining || before === CharacterClass.digit) {
    return true;
  }
  return at > 0 && '_*)'.includes(text.charAt(at - 1));
}

// Digits with single commas or periods between them, then combining marks (a keycap).
function numberEnd(text: string, start: number): number {
  let at = start;
  let room = MAXIMUM_UNIT_BYTES;
  while (at < text.length) {
    const point = text.codePointAt(at)!;
    if (codePointClass(point) === CharacterClass.digit) {
      if (codePointBytes(point) > room) return at;
      room -= codePointBytes(point);
      at += point > 0xffff ? 2 : 1;
    } else if (point === PERIOD || point === COMMA) {
      // The digit after the separator must be of the basic plane: then one code unit is all there is to look ahead.
      const next = text.charCodeAt(at + 1);
      if (codeUnitClass(next) !== CharacterClass.digit || 1 + codePointBytes(next) > room) return at;
      room -= 1 + codePointBytes(next);
      at += 2;
    } else {
      break;
    }
  }
  return extend(text, at, room);
}

// One flag: two regional indicators.
function flagEnd(text: string, start: number): number {
  const second = start + 2;
  return extend(text, classAt(text, second) === CharacterClass.regional ? second + 2 : second, MAXIMUM_UNIT_BYTES - 8);
}

// A run of one mark, or one symbol with what extends it (about an extended grapheme cluster, UAX #29).
function markEnd(text: string, start: number): number {
  const mark = text.codePointAt(start)!;
  const end = runEnd(text, start, (point) => point === mark);
  const width = mark > 0xffff ? 2 : 1;
  return extend(text, end, MAXIMUM_UNIT_BYTES - ((end - start) / width) * codePointBytes(mark));
}

function runEnd(text: string, start: number, belongs: (point: number) => boolean): number {
  let at = start;
  let room = MAXIMUM_UNIT_BYTES;
  while (at < text.length) {
    const point = text.codePointAt(at)!;
    if (!belongs(point)) break;
    room -= codePointBytes(point);
    if (room < 0) break;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

// Combining marks and emoji modifiers from `from`, and a symbol after each zero-width joiner, within `room` bytes.
function extend(text: string, from: number, room: number): number {
  let at = from;
  let left = room;
  let joined = false;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80 && !joined) break;
    const point = text.codePointAt(at)!;
    const found = codePointClass(point);
    const extends_ = found === CharacterClass.combining || found === CharacterClass.modifier;
    if (!extends_ && !(joined && found === CharacterClass.mark)) break;
    left -= codePointBytes(point);
    if (left < 0) break;
    joined = point === ZERO_WIDTH_JOINER;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

function isApostrophe(unit: number): boolean {
  return unit === APOSTROPHE || unit === RIGHT_QUOTE;
}

// An ASCII letter in lower case; anything else (or the end of the text) as a character that is no letter.
function lower(unit: number): string {
  return unit < 0x80 ? String.fromCharCode(unit | 0x20) : '';
}
