// What a run's report.json holds, and the check that every reader passes it through first.
// The ledger, the channels and what may be claimed follow the project's rules for measuring: exact bits per byte, parts that add up.
import {
  type Check,
  flag,
  list,
  named,
  number,
  object,
  oneOf,
  optional,
  ReportFormatError,
  text,
} from './report-check.js';

/** One document of the corpus: its name, its size in bytes and the SHA-256 of those bytes in hexadecimal. */
export interface DocRef {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was trained on and what was held out. */
export interface CorpusRecord {
  readonly name: string;
  readonly licence: string;
  readonly hash: string;
  readonly trainBytes: number;
  readonly validation: readonly DocRef[];
  readonly test: readonly DocRef[];
  readonly trainDocuments: readonly DocRef[];
}

/** One level of the ladder, listed from the bottom (subword) to the top. */
export interface LevelRecord {
  /** 'subword', 'word', 'concept', 'gestalt', or a further level's own name. */
  readonly name: string;
  /** What one unit is, in a few words: 'BPE piece', 'lemma + features + gap'. */
  readonly unit: string;
  readonly parameters: number;
  /** 0 when the level has no codebook. */
  readonly vocabularySize: number;
  readonly trainFlops: number;
  readonly trainSeconds: number;
  readonly bytesSeen: number;
  /** Units of this level per byte of text, in (0, 1]. */
  readonly unitsPerByte: number;
  readonly width: number;
  readonly depth: number;
  readonly frozen: boolean;
}

/** How much text a model could see when it was scored. */
export interface ScoringContext {
  /** Length of the scoring window, in `unit`. */
  readonly window: number;
  /** How far the window moves each time, in `unit`. */
  readonly stride: number;
  /** 'bytes', 'pieces', 'words', ... */
  readonly unit: string;
  /** The window in bytes of text, on average, when `unit` is not bytes. */
  readonly windowBytes?: number;
}

/** Bits per byte of one text under one model, and the parts that add up to it. */
export interface Ledger {
  readonly total: number;
  /** Bits per byte of each part, for example { gestalt, boundary, concept, features, lemma, spelling, case, gap }. */
  readonly parts: Readonly<Record<string, number>>;
  /** UTF-8 bytes of the original text that were scored. */
  readonly bytes: number;
  readonly context: ScoringContext;
  /** Bits per byte of parts that were scored with something given for free; never inside `total`. */
  readonly conditional?: Readonly<Record<string, number>>;
  /** True when `total` bounds the true figure from above (a latent choice was not summed out). */
  readonly upperBound?: boolean;
}

/** What one training seed reached, in bits per byte. */
export interface SeedScore {
  readonly seed: number;
  readonly validation: number;
  readonly test: number;
}

/** One model that was scored. 'strata' is the ladder; names that begin with 'flat' are flat baselines; others are ablations. */
export interface ModelRecord {
  readonly name: string;
  readonly parameters: number;
  readonly trainFlops: number;
  readonly seconds: number;
  readonly bytesSeen: number;
  readonly bitsPerByte: { readonly validation: Ledger; readonly test: Ledger };
  /** Every seed of this model, the one of `bitsPerByte` among them; without it no spread is known. */
  readonly seeds?: readonly SeedScore[];
  readonly width?: number;
  readonly depth?: number;
}

/** Whether a message from one level to the next below is used: change in bits per byte when it is spoilt (positive: it helped). */
export interface ChannelRecord {
  readonly level: string;
  readonly to: string;
  /** Changes in bits per byte of validation text when the message is silenced, and when it is one for another text. */
  readonly zeroed: number;
  readonly shuffled: number;
  /** The same changes on the test text; absent from reports that were made before it was asked there. */
  readonly test?: { readonly zeroed: number; readonly shuffled: number };
  /** The change when the truth is given instead of a message; negative: what a perfect message would save. */
  readonly oracle?: number;
  readonly verdict: 'alive' | 'weak' | 'dead';
  readonly vocabulary: { readonly size: number; readonly used: number; readonly perplexity: number };
}

/** One point of a learning curve; `loss` and `validation` in bits per byte, `bytes` and `flops` counted from the stage's start. */
export interface CurvePoint {
  readonly step: number;
  readonly bytes: number;
  readonly flops: number;
  readonly loss: number;
  readonly validation?: number;
}

/** The learning curve of one stage of one model. */
export interface CurveRecord {
  readonly stage: string;
  /** The model's name: 'strata', or one that begins with 'flat'. */
  readonly model: string;
  readonly points: readonly CurvePoint[];
}

/** One choice within a unit, with the likeliest alternatives. */
export interface TraceChoice {
  readonly level: string;
  readonly chosen: string;
  readonly probability: number;
  readonly runnersUp: readonly { readonly name: string; readonly probability: number }[];
  /** What the choice paid, in bits. */
  readonly bits: number;
}

/** One generated unit. */
export interface TraceStep {
  /** The unit as it stands in the text, its gap included, so that the steps join to the sample's text. */
  readonly text: string;
  /** 2 when it starts a paragraph, 1 when it starts a sentence, else 0. */
  readonly boundary: 0 | 1 | 2;
  readonly choices: readonly TraceChoice[];
}

/** A generated text; `text` continues `prompt` and does not repeat it. */
export interface SampleRecord {
  /** The level that chose first. */
  readonly from: string;
  readonly prompt: string;
  readonly text: string;
  readonly seed: number;
  readonly trace?: readonly TraceStep[];
}

/** One cluster of lemmas that the run holds to mean the same. */
export interface ConceptCluster {
  readonly name: string;
  readonly pos: string;
  readonly members: readonly { readonly lemma: string; readonly count: number; readonly evidence: string }[];
  readonly score: number;
}

/** The concept vocabulary: how many units, how many of them hold more than one lemma, and the best ones. */
export interface ConceptsRecord {
  readonly count: number;
  readonly clustered: number;
  readonly best: readonly ConceptCluster[];
}

/** A further measurement (bytes per second, memory, grammar pairs, ...) with one value a model. */
export interface MeasureRecord {
  readonly name: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly values: readonly { readonly model: string; readonly value: number }[];
  readonly note?: string;
}

/** The units of the scored text whose forms stand so often in the training text; `bytes` count their gaps too. */
export interface BucketRecord {
  /** 'unseen', '1-9', ... */
  readonly name: string;
  readonly units: number;
  readonly bytes: number;
}

/** What each model pays for the test text by how often a unit's form stands in the training text. */
export interface BucketsRecord {
  /** From the rarest forms to the most frequent. */
  readonly buckets: readonly BucketRecord[];
  /** Bits, not bits per byte, one number a bucket: divided by all bytes, differences of two models add up to theirs. */
  readonly models: readonly { readonly model: string; readonly bits: readonly number[] }[];
}

/** All that a run's report says; the one input of every renderer here. */
export interface Report {
  readonly format: 'strata-report';
  readonly version: 1;
  readonly run: string;
  readonly createdFrom: { readonly commit?: string; readonly configHash: string; readonly seed: number };
  readonly corpus: CorpusRecord;
  readonly levels: readonly LevelRecord[];
  readonly models: readonly ModelRecord[];
  readonly channels: readonly ChannelRecord[];
  readonly curves: readonly CurveRecord[];
  readonly samples: readonly SampleRecord[];
  readonly concepts: ConceptsRecord;
  readonly measures?: readonly MeasureRecord[];
  /** Names of the probes whose answers are among the measures. */
  readonly probes?: readonly string[];
  readonly buckets?: BucketsRecord;
  /** What was cut, and how to read the rest. */
  readonly notes: readonly string[];
}

const amount = number(0);
const count = number(0, Number.MAX_SAFE_INTEGER, true);
const integer = number(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, true);
// Float32 softmaxes overshoot 1 and their logarithms undershoot 0 by a rounding error.
const probability = number(0, 1 + 1e-5);
const bits = number(-1e-3);
const name = text(true);

const docRef = object<DocRef>({ name: text(), bytes: count, sha256: text() });

const corpus = object<CorpusRecord>({
  name,
  licence: text(),
  hash: text(),
  trainBytes: count,
  validation: list(docRef),
  test: list(docRef),
  trainDocuments: list(docRef),
});

const level = object<LevelRecord>({
  name,
  unit: text(),
  parameters: count,
  vocabularySize: count,
  trainFlops: amount,
  trainSeconds: amount,
  bytesSeen: count,
  unitsPerByte: number(1e-9, 1),
  width: count,
  depth: count,
  frozen: flag,
});

const ledgerFields = object<Ledger>({
  total: amount,
  parts: named(bits),
  bytes: number(1, Number.MAX_SAFE_INTEGER, true),
  context: object<ScoringContext>({ window: amount, stride: amount, unit: text(), windowBytes: optional(amount) }),
  conditional: optional(named(bits)),
  upperBound: optional(flag),
});

/** Parts must add up to the total to 0.001 bits per byte: what the page prints with three decimals has to add up on paper. */
const ledger: Check<Ledger> = (found, path) => {
  const checked = ledgerFields(found, path);
  const sum = Object.values(checked.parts).reduce((total, part) => total + part, 0);
  if (Math.abs(sum - checked.total) > 1e-3) {
    throw new ReportFormatError(
      path,
      `the parts add up to ${sum.toFixed(4)} but the total is ${checked.total.toFixed(4)} bits per byte`,
      'A part is missing, counted twice, or given for free; move what is given to "conditional".',
    );
  }
  return checked;
};

const model = object<ModelRecord>({
  name,
  parameters: count,
  trainFlops: amount,
  seconds: amount,
  bytesSeen: count,
  bitsPerByte: object<ModelRecord['bitsPerByte']>({ validation: ledger, test: ledger }),
  seeds: optional(list(object<SeedScore>({ seed: integer, validation: amount, test: amount }))),
  width: optional(count),
  depth: optional(count),
});

const channel = object<ChannelRecord>({
  level: name,
  to: name,
  zeroed: number(),
  shuffled: number(),
  test: optional(object<NonNullable<ChannelRecord['test']>>({ zeroed: number(), shuffled: number() })),
  oracle: optional(number()),
  verdict: oneOf('alive', 'weak', 'dead'),
  vocabulary: object<ChannelRecord['vocabulary']>({ size: count, used: count, perplexity: amount }),
});

const point = object<CurvePoint>({
  step: count,
  bytes: count,
  flops: amount,
  loss: amount,
  validation: optional(amount),
});

const choice = object<TraceChoice>({
  level: name,
  chosen: text(),
  probability,
  runnersUp: list(object<TraceChoice['runnersUp'][number]>({ name: text(), probability })),
  bits,
});

const sample = object<SampleRecord>({
  from: name,
  prompt: text(),
  text: text(),
  seed: integer,
  trace: optional(list(object<TraceStep>({ text: text(), boundary: oneOf(0, 1, 2), choices: list(choice) }))),
});

const cluster = object<ConceptCluster>({
  name,
  pos: text(),
  members: list(object<ConceptCluster['members'][number]>({ lemma: text(), count, evidence: text() })),
  score: number(),
});

const bucketFields = object<BucketsRecord>({
  buckets: list(object<BucketRecord>({ name, units: count, bytes: count }), 32),
  models: list(object<BucketsRecord['models'][number]>({ model: name, bits: list(bits, 32) }), 100),
});

/** Every model has a number of bits for each bucket, and pays nothing for what is not there. */
const buckets: Check<BucketsRecord> = (found, path) => {
  const checked = bucketFields(found, path);
  for (const [index, model] of checked.models.entries()) {
    const at = `${path}.models[${index}].bits`;
    if (model.bits.length !== checked.buckets.length)
      throw new ReportFormatError(at, `found ${model.bits.length} numbers for ${checked.buckets.length} buckets`);
    const paid = checked.buckets.findIndex(({ bytes }, i) => bytes === 0 && model.bits[i]! > 0);
    if (paid >= 0) throw new ReportFormatError(`${at}[${paid}]`, 'found bits in a bucket without bytes, expected 0');
  }
  return checked;
};

const report = object<Report>({
  format: oneOf('strata-report'),
  version: oneOf(1),
  run: name,
  createdFrom: object<Report['createdFrom']>({ commit: optional(text()), configHash: text(), seed: integer }),
  corpus,
  levels: list(level, 32),
  models: list(model, 100),
  channels: list(channel),
  curves: list(object<CurveRecord>({ stage: name, model: name, points: list(point) })),
  samples: list(sample),
  concepts: object<ConceptsRecord>({ count, clustered: count, best: list(cluster) }),
  measures: optional(
    list(
      object<MeasureRecord>({
        name,
        unit: text(),
        better: oneOf('higher', 'lower'),
        values: list(object<MeasureRecord['values'][number]>({ model: name, value: number() })),
        note: optional(text()),
      }),
    ),
  ),
  buckets: optional(buckets),
  probes: optional(list(name)),
  notes: list(text()),
});

/** Checks parsed JSON and returns it as a Report; throws ReportFormatError naming the first field that does not fit. */
export function parseReport(found: unknown): Report {
  const checked = report(found, 'report');
  const twice = checked.models.find((entry, index) => checked.models.findIndex((m) => m.name === entry.name) !== index);
  if (twice) {
    throw new ReportFormatError(
      'report.models',
      `two models are called ${JSON.stringify(twice.name)}`,
      'Give each model its own name; several seeds of one model go into its "seeds".',
    );
  }
  return checked;
}
