// Probing a run: what its models do beyond bits per byte, each probe asked of every model in the same words.
// From: Strata, EVALUATION (more than BPB). The same seed gives the same results; only pace depends on the machine.
import type { Run, StageName } from '@strata/hierarchy';
import { levelsUpTo } from '@strata/level';
import { RandomStream } from '@strata/nn';
import { bytesOfDocuments, type Corpus, sampleTexts, segmentUnits, textStart, unitBatches } from '@strata/text';
import { createProgress } from '@strata/train';
import { LANGUAGES } from '@strata/word';
import { type EchoAfter, echoTest } from './echo.js';
import { countForms, formsOf, frequencyBuckets } from './frequency-buckets.js';
import {
  type AdjectiveCounts,
  adjectivesOf,
  countAdjectives,
  type HareItem,
  type HareScore,
  hareItems,
  hareScore,
  hareTexts,
  someItems,
} from './hare.js';
import { generationPace, PACE, type Pace } from './pace.js';
import { type MinimalPair, type PairsScore, scorePairs } from './pairs.js';
import { canWrite, openProbedModel, type ProbedModel, probedNames, probedTop, requireProbed } from './probed-model.js';
import type { BucketsRecord } from './report-schema.js';
import { scoredText } from './scored-text.js';
import { MeasureError, stageRecordOn } from './stage-record.js';
import { type DamagedText, damagePair, damageText, type TypoCost, typoCost } from './typos.js';
import { joinUnits, type UnitNats } from './unit-nats.js';

/** The probes there are. */
export const PROBES = ['buckets', 'typos', 'hare', 'echo', 'pace'] as const;
export type ProbeName = (typeof PROBES)[number];

/** What is probed, and how probing shows itself. */
export interface ProbeOptions {
  /** All of `PROBES` unless given. */
  readonly only?: readonly ProbeName[];
  /** All of `probedNames` unless given. */
  readonly models?: readonly string[];
  /** Grammar pairs to be damaged alike. */
  readonly pairs?: readonly MinimalPair[];
  /** Measures a model's pace elsewhere; only a process of its own can say what memory one model of several takes. */
  readonly paceOf?: ((model: string) => Promise<Pace>) | undefined;
  readonly progress?: typeof createProgress | undefined;
  readonly note?: ((message: string) => void) | undefined;
}

/** A model's answer. */
export type Answer<T> = T & { readonly model: string };

/** What the probes found; those that were not asked for are missing. */
export interface ProbeResults {
  readonly buckets?: BucketsRecord;
  readonly typos?: {
    readonly slips: number;
    readonly models: readonly Answer<
      TypoCost & { readonly pairs?: { readonly clean: PairsScore; readonly damaged: PairsScore } }
    >[];
  };
  /** Missing also where the language of the run is read without parts of speech in context. */
  readonly hare?: { readonly items: number; readonly models: readonly Answer<HareScore>[] };
  readonly echo?: readonly Answer<{ readonly after: readonly EchoAfter[] }>[];
  readonly pace?: readonly Answer<Pace>[];
}

/** Training text that is read for adjectives at most, in bytes; held-out text, in characters. */
const HARE = { trainingBytes: 32 << 20, heldOutCharacters: 4 << 20, items: 1000 } as const;

/** Probes models of a run on its corpus; throws MeasureError and the errors of opening a run. */
export async function probeRun(run: Run, corpus: Corpus, options: ProbeOptions = {}): Promise<ProbeResults> {
  const { only = PROBES, models = probedNames(run), progress = createProgress, note = () => {} } = options;
  const asked = (probe: ProbeName): boolean => only.includes(probe);
  checkModels(run, corpus, models);
  const { seed, evaluation } = run.config;
  const { texts, bytes } = scoredText(corpus.test, evaluation.testBytes, 'test');
  if (bytes === 0) throw new MeasureError(`no word of the test text of ${corpus.name} fits into evaluation.testBytes`);
  const damaged = asked('typos') ? texts.map((text) => damageText(text, seed)) : [];
  const slips = slipsIn(damaged, texts);
  const pairs = asked('typos') ? damagedPairs(options.pairs ?? [], seed) : [];
  const items = asked('hare') ? itemsFor(run, corpus, models, note) : [];

  const clean: Answer<{ units: UnitNats }>[] = [];
  const typos: NonNullable<ProbeResults['typos']>['models'][number][] = [];
  const hare: Answer<HareScore>[] = [];
  const echo: Answer<{ after: EchoAfter[] }>[] = [];
  for (const name of models) {
    const model = openProbedModel(run, name);
    const bar = async <T>(
      what: string,
      total: number,
      unit: string,
      work: (told: (done: number) => void) => Promise<T>,
    ) => {
      const shown = progress(`${what} ${name}`, total, unit);
      try {
        return await work((done) => shown.update(done));
      } finally {
        shown.finish();
      }
    };
    try {
      if (asked('buckets') || asked('typos')) {
        const units = await bar('test text', bytes, 'bytes', (told) => unitsOf(model, texts, told));
        clean.push({ model: name, units });
        if (asked('typos')) {
          const own = damaged.map(({ text }) => text);
          const spoilt = await bar('typos', bytes, 'bytes', (told) => unitsOf(model, own, told));
          const scored = pairs.length === 0 ? {} : { pairs: await pairScores(model, pairs) };
          typos.push({ model: name, ...typoCost(units, spoilt, slips), ...scored });
        }
      }
      if (items.length > 0) {
        const own = items.flatMap(hareTexts);
        const nats = await bar('adjectives', own.length, 'texts', (told) => model.textNats(own, told));
        hare.push({ model: name, ...hareScore(nats) });
      }
      if (asked('echo')) {
        const after = await bar('echo', 4, 'texts', (told) => echoTest(model, seed, { told }));
        echo.push({ model: name, after });
      }
    } finally {
      await model.dispose();
    }
  }
  const pace: Answer<Pace>[] = [];
  for (const name of asked('pace') ? models : []) {
    if (!canWrite(name)) {
      note(`${name} has no step with a cache, so its pace is not measured`);
      continue;
    }
    const open = (): ProbedModel => openProbedModel(run, name);
    const shown = progress(`pace ${name}`, PACE.texts, 'texts');
    const told = (texts: number): void => shown.update(texts);
    const own = options.paceOf ?? (() => generationPace(open, evaluation.prompt, seed, told));
    pace.push({ model: name, ...(await own(name)) });
    shown.finish();
  }
  return {
    ...(asked('buckets') && { buckets: bucketsOf(corpus, texts, clean, progress) }),
    ...(asked('typos') && { typos: { slips: slips.length, models: typos } }),
    ...(hare.length > 0 && { hare: { items: items.length, models: hare } }),
    ...(asked('echo') && { echo }),
    ...(asked('pace') && { pace }),
  };
}

/** Every stage that a model stands on must have been trained on this corpus. */
function checkModels(run: Run, corpus: Corpus, models: readonly string[]): void {
  for (const name of models.length === 0 ? ['strata'] : models) {
    requireProbed(run, name);
    const top = probedTop(run, name);
    const stages: readonly StageName[] = top === undefined ? [name as StageName] : levelsUpTo(top);
    for (const stage of stages) stageRecordOn(run, stage, corpus);
  }
}

/** Units of several texts as one sequence, each text scored on its own. */
async function unitsOf(model: ProbedModel, texts: readonly string[], told: (bytes: number) => void): Promise<UnitNats> {
  const parts: UnitNats[] = [];
  let before = 0;
  for (const text of texts) {
    let own = 0;
    parts.push(await model.unitNats(text, (bytes) => told(before + (own = bytes))));
    before += own;
  }
  return joinUnits(parts);
}

/** The damaged units, counted through all texts. */
function slipsIn(damaged: readonly DamagedText[], texts: readonly string[]): number[] {
  let before = 0;
  return damaged.flatMap(({ damaged: units }, i) => {
    const own = units.map((unit) => before + unit);
    before += segmentUnits(texts[i]!).length;
    return own;
  });
}

interface PairTwice {
  readonly clean: MinimalPair;
  readonly damaged: MinimalPair;
}

function damagedPairs(pairs: readonly MinimalPair[], seed: number): PairTwice[] {
  const random = new RandomStream(seed, 'typos in pairs');
  return pairs.flatMap((clean) => {
    const damaged = damagePair(clean, random);
    return damaged === undefined ? [] : [{ clean, damaged }];
  });
}

async function pairScores(
  model: ProbedModel,
  pairs: readonly PairTwice[],
): Promise<{ clean: PairsScore; damaged: PairsScore }> {
  const sentences = (which: keyof PairTwice): string[] => pairs.flatMap((pair) => [pair[which].good, pair[which].bad]);
  const nats = await model.textNats([...sentences('clean'), ...sentences('damaged')]);
  return { clean: scorePairs(nats.subarray(0, nats.length / 2)), damaged: scorePairs(nats.subarray(nats.length / 2)) };
}

/** The items of the adjective test that all models can read at once; none for a language that is read without context. */
function itemsFor(run: Run, corpus: Corpus, models: readonly string[], note: (message: string) => void): HareItem[] {
  const { language } = run.config.word;
  if (language !== 'english') {
    note(`the adjective test reads English only; ${run.config.name} is in ${language}`);
    return [];
  }
  note('reading adjectives and nouns of the training text');
  const { read } = LANGUAGES[language];
  const counts: AdjectiveCounts = new Map();
  for (const chunks of sampleTexts(corpus.train, HARE.trainingBytes))
    countAdjectives(counts, read(unitBatches(chunks)));
  const adjectives = adjectivesOf(counts);
  const found: HareItem[] = [];
  let left: number = HARE.heldOutCharacters;
  for (const document of [...corpus.validation, ...corpus.test]) {
    if (left <= 0) break;
    const text = textStart(document.chunks(), left);
    left -= text.length;
    for (const item of hareItems(read(unitBatches([text])), adjectives)) found.push(item);
  }
  const opened = models.map((name) => openProbedModel(run, name));
  const fitting = found.filter((item) => hareTexts(item).every((text) => opened.every((model) => model.fits(text))));
  if (fitting.length === 0) note('the held-out text has no adjective that the training text knows well enough to swap');
  return someItems(fitting, HARE.items);
}

function bucketsOf(
  corpus: Corpus,
  texts: readonly string[],
  models: readonly Answer<{ units: UnitNats }>[],
  progress: typeof createProgress,
): BucketsRecord {
  const forms = formsOf(texts);
  const shown = progress('counting training text', bytesOfDocuments(corpus.train), 'bytes');
  const counts = countForms(forms, corpus.train, (characters) => shown.update(characters));
  shown.finish();
  return frequencyBuckets(forms, counts, models);
}
