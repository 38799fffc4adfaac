// The parts of a report that are read off a run rather than scored: corpus, levels, channels, curves, vocabularies.
// From: Strata, EVALUATION (Is the hierarchy real?; Records).
import { join } from 'node:path';
import { isControl, type Ladder, type LadderText, type Run, type StageName } from '@strata/hierarchy';
import { LEVEL_NAMES, LEVEL_UNITS, type LevelName, levelsUpTo } from '@strata/level';
import { bytesOfDocuments, type Corpus, type Documents } from '@strata/text';
import { readMetrics } from '@strata/train';
import { channelVerdict, type VocabularyUse } from './channels.js';
import type { GestaltLikelihood } from './gestalt-likelihood.js';
import type { MeasuredModels } from './measure-models.js';
import type {
  ChannelRecord,
  CorpusRecord,
  CurvePoint,
  CurveRecord,
  DocRef,
  LevelRecord,
  MeasureRecord,
  ModelRecord,
} from './report-schema.js';
import type { StageRecord } from './stage-record.js';

/** Documents of a split that a report names; a corpus may have millions. */
const NAMED_DOCUMENTS = 1000;

/** What was trained on and held out, with sizes and hashes. */
export function corpusRecord(corpus: Corpus): CorpusRecord {
  const refs = (documents: Documents): DocRef[] => {
    const named: DocRef[] = [];
    let left = bytesOfDocuments(documents);
    for (const { name, bytes, sha256 } of documents) {
      if (named.length === NAMED_DOCUMENTS) {
        const further = `${documents.length - NAMED_DOCUMENTS} further documents, pinned by the hash of the corpus`;
        return [...named, { name: further, bytes: left, sha256: corpus.hash }];
      }
      named.push({ name, bytes, sha256 });
      left -= bytes;
    }
    return named;
  };
  const { name, licence, hash, train, validation, test } = corpus;
  return {
    name,
    licence,
    hash,
    trainBytes: bytesOfDocuments(train),
    validation: refs(validation),
    test: refs(test),
    trainDocuments: refs(train),
  };
}

/** The levels from the floor to the top; densities are those of `text`. */
export function levelRecords(
  ladder: Ladder,
  records: Partial<Record<StageName, StageRecord>>,
  uses: Partial<Record<LevelName, VocabularyUse>>,
  text: LadderText,
): LevelRecord[] {
  const bytes = text.units.byteLengths.reduce((sum, length) => sum + length, 0);
  const sentences = text.units.boundary.reduce((sum, boundary) => sum + (boundary > 0 ? 1 : 0), 0);
  const { length: words } = text.units;
  const counts: Record<LevelName, number> = {
    subword: text.pieces.length,
    word: words,
    concept: words,
    gestalt: sentences,
  };
  return levelsUpTo(ladder.top).map((level) => {
    const { trainFlops, seconds, bytesSeen } = records[level]!;
    const { width, depth } = ladder.config[level];
    return {
      name: level,
      unit: LEVEL_UNITS[level],
      parameters: ladder.values[level]!.flat.length,
      vocabularySize: uses[level]?.size ?? 0,
      trainFlops,
      trainSeconds: seconds,
      bytesSeen,
      unitsPerByte: Math.min(1, Math.max(1, counts[level]) / bytes),
      width,
      depth,
      frozen: level === 'subword',
    };
  });
}

/** What spoiling each message costs, in bits per byte; levels that are not trained have none. */
export function channelRecords(
  { models, shuffled }: MeasuredModels,
  uses: Partial<Record<LevelName, VocabularyUse>>,
): ChannelRecord[] {
  const scored = (name: string): ModelRecord['bitsPerByte'] => models.find((model) => model.name === name)!.bitsPerByte;
  return (
    [
      ['gestalt', 'concept'],
      ['concept', 'word'],
    ] as const
  ).flatMap(([level, to]) => {
    const spoilt = shuffled[level];
    const vocabulary = uses[level];
    if (spoilt === undefined || vocabulary === undefined) return [];
    const changes = (text: 'validation' | 'test') => {
      const { total } = scored('strata')[text];
      // Silencing a message leaves exactly the ladder that ends below it.
      return { zeroed: scored(to)[text].total - total, shuffled: spoilt[text] - total };
    };
    const { zeroed, shuffled: change } = changes('validation');
    // Where the concept is given, all that is left to pay is the rest of the chain; a gestalt is a pattern, and has no truth.
    const { concept } = scored('strata').validation.parts;
    const oracle = level === 'concept' && concept !== undefined ? { oracle: -concept } : {};
    const verdict = channelVerdict(zeroed, change);
    return [{ level, to, zeroed, shuffled: change, test: changes('test'), ...oracle, verdict, vocabulary }];
  });
}

/** The learning curves that training wrote to metrics.jsonl; points whose figures were no numbers are left out. */
export function curveRecords(run: Run): CurveRecord[] {
  const points = new Map<string, CurvePoint[]>();
  for (const line of readMetrics(join(run.folder, 'metrics.jsonl'))) {
    const { step, stage, bytes, flops, bitsPerByte, validationBitsPerByte: validation } = line;
    if (typeof bytes !== 'number' || typeof flops !== 'number' || typeof bitsPerByte !== 'number') continue;
    const own = points.get(stage) ?? [];
    own.push({ step, bytes, flops, loss: bitsPerByte, ...(typeof validation === 'number' && { validation }) });
    points.set(stage, own);
  }
  return [...points].map(([stage, own]) => ({ stage, model: isControl(stage) ? stage : 'strata', points: own }));
}

/** Further measurements: how varied each level's units are, and the gestalt's own likelihood. */
export function measureRecords(
  uses: Partial<Record<LevelName, VocabularyUse>>,
  bag: GestaltLikelihood | undefined,
): MeasureRecord[] {
  // A text without a whole sentence leaves the gestalt without codes, and then there is nothing to count.
  const levels = LEVEL_NAMES.filter((level) => (uses[level]?.size ?? 0) > 0);
  const perLevel = (value: (use: VocabularyUse) => number): MeasureRecord['values'] =>
    levels.map((model) => ({ model, value: value(uses[model]!) }));
  const measures: MeasureRecord[] = [
    {
      name: 'vocabulary perplexity',
      unit: 'equally frequent entries',
      better: 'higher',
      values: perLevel((use) => use.perplexity),
      note: 'Perplexity of the unigram distribution on validation text; the gestalt’s entries are the codes nearest to its patterns.',
    },
    {
      name: 'vocabulary in use',
      unit: 'share of entries',
      better: 'higher',
      values: perLevel((use) => use.used / use.size),
      note: 'Entries that occur in the validation text.',
    },
  ];
  if (bag === undefined) return measures;
  const values = [
    { model: 'gestalt', value: bag.gestalt },
    { model: 'unigram of concepts', value: bag.unigram },
  ];
  return [
    ...measures,
    {
      name: 'which concepts a sentence holds',
      unit: 'nats a word',
      better: 'lower',
      values,
      note: 'The gestalt level’s own likelihood on validation text, order left out; where sentences end is given.',
    },
  ];
}
