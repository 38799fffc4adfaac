// Any model of a run behind one face, so that a probe asks a ladder and a flat model the same things: what units cost,
// what short texts cost, and how it goes on with a text. From: Strata, EVALUATION (more than BPB).
import {
  engineOptions,
  FLAT_NAMES,
  Generator,
  LadderScorer,
  ladderTextNats,
  loadSubword,
  openLadder,
  type PieceModelName,
  PieceScorer,
  PieceWriter,
  pieceTextNats,
  type Run,
  type ScoreProgress,
  type UpperLevel,
  type WritingOptions,
} from '@strata/hierarchy';
import { LEVEL_NAMES, type LevelName } from '@strata/level';
import { segmentUnits } from '@strata/text';
import { pieceWindowOf } from './measure-models.js';
import { MeasureError } from './stage-record.js';
import { ladderUnitNats, pieceUnitNats, type UnitNats } from './unit-nats.js';

/** Told how many texts are scored. */
type TextsProgress = (texts: number) => void;

/** How a model writes. */
export interface ProbeWriting extends WritingOptions {
  /** The base picks among a ladder's words, as it does for users; else every factor is drawn as it is scored. */
  readonly picks?: boolean;
}

/** A model that can be probed; what it needs is compiled when it is first asked, and freed by `dispose`. */
export interface ProbedModel {
  readonly name: string;
  /** The longest text that is read at once, in the model's own units: words or pieces. */
  readonly window: number;
  /** Whether `textNats` can read a text. */
  fits(text: string): boolean;
  /** Nats and bytes of each unit of a text, in one pass from its first byte. */
  unitNats(text: string, onProgress?: ScoreProgress): Promise<UnitNats>;
  /** Nats of each of many short texts; throws LongTextError. */
  textNats(texts: readonly string[], onProgress?: TextsProgress): Promise<Float64Array>;
  /** Continues a prompt; returns the continuation. */
  write(prompt: string, options: ProbeWriting): Promise<string>;
  dispose(): Promise<void>;
}

/** Names of the models of a run that can be probed: the whole ladder first, its lower ends, the base, the flat models. */
export function probedNames(run: Run): string[] {
  const top = topOf(run);
  const lower = LEVEL_NAMES.slice(1, LEVEL_NAMES.indexOf(top)).toReversed();
  const flat = FLAT_NAMES.filter((name) => run.has(name));
  return [...(top === 'subword' ? [] : ['strata', ...lower]), ...(run.has('subword') ? ['subword'] : []), ...flat];
}

/** The highest level without a gap below it. */
function topOf(run: Run): LevelName {
  const missing = LEVEL_NAMES.findIndex((level) => !run.has(level));
  return LEVEL_NAMES[Math.max(0, (missing < 0 ? LEVEL_NAMES.length : missing) - 1)]!;
}

/** The highest level of a ladder, by its name among the models; undefined for a model beside the ladder. */
export function probedTop(run: Run, name: string): LevelName | undefined {
  return name === 'strata' ? topOf(run) : LEVEL_NAMES.find((level) => level === name);
}

/** Throws MeasureError unless a run has a model of this name, or a ladder that ends there. */
export function requireProbed(run: Run, name: string): void {
  const known = probedNames(run);
  if (known.includes(name) || (known.includes('strata') && name === topOf(run))) return;
  throw new MeasureError(
    known.length === 0
      ? `${run.folder} has no trained model to probe; run: strata train all`
      : `${run.folder} has no model ${name} to probe; it has ${known.join(', ')}`,
  );
}

/** Opens a model by its name in `probedNames`, or the ladder by that of its top; throws MeasureError for any other. */
export function openProbedModel(run: Run, name: string): ProbedModel {
  requireProbed(run, name);
  const top = topOf(run);
  if (name === 'subword' || (FLAT_NAMES as readonly string[]).includes(name))
    return new PieceModel(run, name as PieceModelName);
  return new LadderModel(run, name, (name === 'strata' ? top : name) as UpperLevel);
}

/** A ladder up to one of its levels. */
class LadderModel implements ProbedModel {
  readonly #ladder;
  #scorer: LadderScorer | undefined;
  #generator: Generator | undefined;

  constructor(
    run: Run,
    readonly name: string,
    readonly top: UpperLevel,
  ) {
    this.#ladder = openLadder(run, top);
  }

  get window(): number {
    return this.#ladder.config.batch.units;
  }

  fits(text: string): boolean {
    return segmentUnits(text).length <= this.window;
  }

  async unitNats(text: string, onProgress?: ScoreProgress): Promise<UnitNats> {
    this.#scorer ??= await LadderScorer.create(this.#ladder, this.top);
    return ladderUnitNats(this.#scorer, text, onProgress);
  }

  textNats(texts: readonly string[], onProgress?: TextsProgress): Promise<Float64Array> {
    return ladderTextNats(this.#ladder, this.top, texts, onProgress);
  }

  async write(prompt: string, { bytes, picks, ...sampling }: ProbeWriting): Promise<string> {
    this.#generator ??= await Generator.create(this.#ladder);
    const { text } = await this.#generator.generate({
      ...sampling,
      prompt,
      from: this.top,
      skip: picks === true ? [] : ['subword'],
      // A unit has a byte at least.
      maximumUnits: bytes,
      maximumBytes: bytes,
      paragraphs: true,
    });
    return text;
  }

  async dispose(): Promise<void> {
    await this.#scorer?.dispose();
    await this.#generator?.dispose();
  }
}

/** The base alone, or a flat baseline. */
class PieceModel implements ProbedModel {
  readonly #model;
  readonly window: number;
  #scorer: PieceScorer | undefined;
  #writer: PieceWriter | undefined;

  constructor(
    readonly run: Run,
    readonly name: PieceModelName,
  ) {
    this.#model = loadSubword(run, name);
    this.window = pieceWindowOf(run, name);
  }

  fits(text: string): boolean {
    return this.#model.tokenizer.encode(text).length <= this.window;
  }

  async unitNats(text: string, onProgress?: ScoreProgress): Promise<UnitNats> {
    this.#scorer ??= await PieceScorer.create(this.#model, this.name, this.run.config, this.window);
    return pieceUnitNats(this.#scorer, text, onProgress);
  }

  textNats(texts: readonly string[], onProgress?: TextsProgress): Promise<Float64Array> {
    return pieceTextNats(this.#model, this.name, this.run.config, this.window, texts, onProgress);
  }

  async write(prompt: string, { picks: _, ...options }: ProbeWriting): Promise<string> {
    const engine = engineOptions(this.run.config);
    this.#writer ??= await PieceWriter.create(this.#model, this.name, this.window, engine);
    return this.#writer.write(prompt, options);
  }

  async dispose(): Promise<void> {
    await this.#scorer?.dispose();
    await this.#writer?.dispose();
  }
}
