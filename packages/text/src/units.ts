// Units: a text as words, clitics, numbers and marks, each with the white space before it; nothing is lost.
// Whole (segmentUnits) or as it arrives (UnitStream); what a unit is stands in ARCHITECTURE.md, "text".
import { type Boundary, BoundaryTracker } from './boundary.js';
import { type Cut, cutUnit } from './cut.js';

/** One unit of a text, in UTF-16 offsets: gap [gapStart, start), surface [start, end), and what it starts. */
export interface UnitSpan extends Cut {
  readonly boundary: Boundary;
}

/**
 * Cuts a text into units that tile it: each begins where the one before ends, the last ends at text.length.
 *
 * Causal: of a prefix of the text, all units but the last two are units of the whole text, boundaries included. All but
 * the last one, even, unless the prefix stops within a surrogate pair, at a separator after a digit ("3."), or at an
 * apostrophe after a word or in the few letters of a clitic that follow it ("don'", "we'r", "dog's").
 */
export function segmentUnits(text: string): UnitSpan[] {
  const spans: UnitSpan[] = [];
  const tracker = new BoundaryTracker();
  for (let at = 0; at < text.length; ) {
    const { gapStart, start, end } = cutUnit(text, at);
    spans.push({ gapStart, start, end, boundary: tracker.next(text, { gapStart, start, end }) });
    at = end;
  }
  return spans;
}

// How many of the last units may still change, and how far back a cut looks (one code point).
const UNSETTLED_UNITS = 2;
const LOOK_BACK = 2;

/** A unit that came out of a stream: its offsets are into the whole text so far, its gap and surface are at hand. */
export interface StreamedUnit extends UnitSpan {
  readonly gap: string;
  readonly surface: string;
}

/** Cuts a text that arrives in chunks of any size; the units are those of `segmentUnits` on the whole. */
export class UnitStream {
  private readonly tracker = new BoundaryTracker();
  private buffer = '';
  private offset = 0;
  private at = 0;

  /** Takes more text and returns the units that no further text can change. */
  push(chunk: string): StreamedUnit[] {
    this.buffer += chunk;
    return this.release(UNSETTLED_UNITS);
  }

  /** Says that the text is over and returns its last units. */
  finish(): StreamedUnit[] {
    return this.release(0);
  }

  private release(unsettled: number): StreamedUnit[] {
    const released: StreamedUnit[] = [];
    const ahead: Cut[] = [];
    let settledEnd = this.at;
    for (let at = this.at; at < this.buffer.length; ) {
      const cut = cutUnit(this.buffer, at);
      at = cut.end;
      ahead.push(cut);
      if (ahead.length <= unsettled) continue;
      const settled = ahead.shift()!;
      released.push(this.streamed(settled));
      settledEnd = settled.end;
    }
    const dropped = Math.max(0, settledEnd - LOOK_BACK);
    this.buffer = this.buffer.slice(dropped);
    this.offset += dropped;
    this.at = settledEnd - dropped;
    return released;
  }

  private streamed(cut: Cut): StreamedUnit {
    return new Streamed(
      cut.gapStart + this.offset,
      cut.start + this.offset,
      cut.end + this.offset,
      this.tracker.next(this.buffer, cut),
      detached(this.buffer, cut.gapStart, cut.start),
      detached(this.buffer, cut.start, cut.end),
    );
  }
}

// A class, since V8 may come to allocate what a literal makes among old objects, where a unit's short life is dear.
class Streamed implements StreamedUnit {
  constructor(
    readonly gapStart: number,
    readonly start: number,
    readonly end: number,
    readonly boundary: Boundary,
    readonly gap: string,
    readonly surface: string,
  ) {}
}

// From this length on V8 makes a slice a view that keeps the whole string alive, for as long as somebody remembers a word.
const SHORTEST_VIEW = 13;

function detached(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  return end - start < SHORTEST_VIEW ? part : ` ${part}`.slice(1);
}
