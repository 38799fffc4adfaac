// What a reader of the report must know beside its figures: what was cut, counted, left out and decided, and how.
// From: Strata, EVALUATION (Validity; Matched baselines): windows, bytes seen and seeds are stated.
import { FLAT_NAMES, type Ladder, type Run, type StageName } from '@strata/hierarchy';
import { LEVEL_NAMES } from '@strata/level';
import { CHANNEL_THRESHOLDS } from './channels.js';
import type { GestaltLikelihood } from './gestalt-likelihood.js';
import type { HeldOut } from './measure-models.js';
import type { StageRecord } from './stage-record.js';

/** The notes of a report, one to three sentences each. */
export function notesOf(
  run: Run,
  ladder: Ladder,
  heldOut: HeldOut,
  records: Partial<Record<StageName, StageRecord>>,
  bag: GestaltLikelihood | undefined,
): string[] {
  const missing = LEVEL_NAMES.filter((level) => ladder.values[level] === undefined);
  const seen = Object.entries(records).map(([stage, record]) => `${stage} ${record.bytesSeen}`);
  const { dead, alive } = CHANNEL_THRESHOLDS;
  return [
    heldOut.validation.note,
    heldOut.test.note,
    `One seed (${run.config.seed}) was trained, so no spread is known: a small difference may be chance.`,
    `Bytes of training text read by each stage, repetitions counted: ${seen.join(', ')}. A model is charged the sum over the stages it needs.`,
    'Training FLOPs count matrix products; those of the upper stages include the forward passes of the frozen levels below. Tokenizers, lexicon and the distilling of concepts are in neither FLOPs nor seconds.',
    'Each text is read once from its first byte, without adaptation, and each byte is scored once. Windows move by half their length, so that all but the first have half a window of context; their lengths are stated with the ledger, in bytes as they were on the scored text.',
    `A channel is dead when shuffling its message costs under ${dead} bits per byte of validation text, alive when both silencing and shuffling cost ${alive} or more, else weak. Silencing concepts silences the gestalt too, whose message passes through them. Shuffled messages are those for places of the other held-out text, drawn with a fixed seed: other places of the same text would tell what comes, or what it speaks of.`,
    ...memoryNote(ladder, records),
    ...(bag === undefined
      ? []
      : [
          `The unigram of concepts was counted on ${bag.unigramBytes} bytes of training text, one added to each count.`,
        ]),
    'Traces leave out factors that were certain. "candidates" lists a concept’s words with the word level’s probabilities and pays nothing; the pick among them does.',
    ...(missing.length === 0 ? [] : [`Not trained yet, and so not part of "strata": ${missing.join(', ')}.`]),
    ...(FLAT_NAMES.every((name) => records[name] === undefined)
      ? ['No flat baseline was trained, so nothing here says whether the ladder pays.']
      : []),
  ];
}

/** What the concept level sees beyond its window, and which models do not. */
function memoryNote(
  { values, config: { concept } }: Ladder,
  records: Partial<Record<StageName, StageRecord>>,
): string[] {
  if (values.concept === undefined || concept.memory === undefined) return [];
  const others =
    records['flat-memory'] === undefined
      ? 'Flat models do not, unless flat-memory is trained beside them.'
      : 'Of the flat models flat-memory has the same over as many bytes, the others have none.';
  return [
    `The concept level remembers up to ${concept.memory.concepts} different concepts and names of ${concept.memory.units} units before its window, within the text. ${others}`,
  ];
}
