// Sentence and paragraph boundaries, decided at the unit that starts, from units up to and including it.
// Rules in the manner of Grefenstette & Tapanainen 1994 ("What is a word, what is a sentence?"); no look ahead.
import { CharacterClass, codeUnitClass } from './characters.js';
import { type Cut, isClosingAbbreviation } from './cut.js';

/** What a unit starts: 0 nothing, 1 a sentence, 2 a paragraph (and with it a sentence). */
export type Boundary = 0 | 1 | 2;

const enders = new Set('.!?…。！？');
const closers = new Set('"\'”’»›)]}_*');
const sentenceOpeners = /^[\p{Lu}\p{Lt}\p{Lo}\p{N}"'“‘’„«‹([{\-–—―_*¿¡]/u;
const PERIOD = 0x2e;
const upperCaseLetter = /^\p{Lu}$/u;

/** Follows a text unit by unit and says of each whether it starts a sentence or a paragraph. */
export class BoundaryTracker {
  private isFirst = true;
  // A text's first words start a sentence even when white space was cut off as a unit before them.
  private sentenceEnded = true;
  private afterInitial = false;
  // Of white space that became units of its own just before: it belongs to the gap of the next unit in this respect.
  private spaceBefore = false;
  private lineBreaksBefore = 0;

  /** Takes the next unit of the text and returns its boundary. */
  next(text: string, cut: Cut): Boundary {
    const isFirst = this.isFirst;
    this.isFirst = false;
    const kind = codeUnitClass(text.charCodeAt(cut.start));
    if (kind === CharacterClass.space) {
      this.spaceBefore = true;
      this.lineBreaksBefore += lineBreaks(text, cut.start, cut.end);
      return isFirst ? 2 : 0;
    }
    const breaks = this.lineBreaksBefore + lineBreaks(text, cut.gapStart, cut.start);
    const hasGap = this.spaceBefore || cut.start > cut.gapStart;
    const first = String.fromCodePoint(text.codePointAt(cut.start)!);
    const startsSentence = this.sentenceEnded && hasGap && sentenceOpeners.test(first);
    // Most units are words, which neither end nor close a sentence unless they are abbreviations.
    const isWord = kind === CharacterClass.letter || kind === CharacterClass.digit;
    this.remember(text, cut, first, isWord, hasGap || isFirst);
    if (isFirst || breaks >= 2) return 2;
    return startsSentence ? 1 : 0;
  }

  private remember(text: string, cut: Cut, first: string, isWord: boolean, standsApart: boolean): void {
    const length = cut.end - cut.start;
    if (!isWord && enders.has(first)) {
      this.sentenceEnded = !(this.afterInitial && !standsApart && first === '.' && length === 1);
    } else if (isWord || standsApart || !closers.has(first)) {
      this.sentenceEnded =
        length > 2 && text.charCodeAt(cut.end - 1) === PERIOD && isClosingAbbreviation(text.slice(cut.start, cut.end));
    }
    // "G. K. Chesterton", but "than I. He".
    this.afterInitial = length === first.length && first !== 'I' && upperCaseLetter.test(first);
    this.spaceBefore = false;
    this.lineBreaksBefore = 0;
  }
}

// Line breaks in white space; CR LF counts once.
function lineBreaks(text: string, start: number, end: number): number {
  let breaks = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0a || (unit === 0x0d && text.charCodeAt(at + 1) !== 0x0a)) breaks++;
  }
  return breaks;
}
