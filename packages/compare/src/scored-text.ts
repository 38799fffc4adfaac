// The texts that a run is measured on: whole documents, or the first bytes of them, cut where a unit ends.
// Every model scores exactly these strings, each from its first byte; what was cut is said in words.
import { byteLength, type Documents, segmentUnits, textStart } from '@strata/text';

/** Texts to score, their bytes, and what was left out. */
export interface ScoredText {
  readonly texts: readonly string[];
  readonly bytes: number;
  /** One sentence for the report. */
  readonly note: string;
}

/** Characters read beyond the cut, so that the unit at the cut is seen whole (units and gaps are far shorter). */
const AHEAD = 128;

/** The first `limit` bytes of a text at most, ending where a unit ends; '' when not even one unit fits. */
export function cutText(text: string, limit: number): string {
  // A UTF-16 unit is at least one byte long, so no more than `limit` of them can stay.
  const ahead = text.slice(0, limit + AHEAD);
  let bytes = 0;
  let end = 0;
  for (const span of segmentUnits(ahead)) {
    bytes += byteLength(ahead.slice(span.gapStart, span.end));
    if (bytes > limit) break;
    end = span.end;
  }
  return text.slice(0, end);
}

/** The first `limit` bytes of documents in their order (0: all of them); `split` names them in the note. */
export function scoredText(documents: Documents, limit: number, split: string): ScoredText {
  const texts: string[] = [];
  const parts: string[] = [];
  let bytes = 0;
  for (const document of documents) {
    const left = limit === 0 ? document.bytes : limit - bytes;
    if (left <= 0) break;
    const whole = document.bytes <= left;
    const text = whole ? document.text : cutText(textStart(document.chunks(), left + AHEAD), left);
    if (text === '') break;
    const length = whole ? document.bytes : byteLength(text);
    texts.push(text);
    bytes += length;
    parts.push(
      whole ? `all of ${document.name}` : `the first ${length} of ${document.bytes} bytes of ${document.name}`,
    );
    if (!whole) break;
  }
  const unread = documents.length - texts.length;
  const rest = unread === 0 ? '' : `; ${unread} further document${unread === 1 ? ' was' : 's were'} not read`;
  return { texts, bytes, note: `Scored as ${split}: ${parts.join(', ')}${rest}. Every model scored the same bytes.` };
}
