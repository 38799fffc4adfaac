// Any model of a run behind one face, so that a probe asks a ladder and a flat model the same things: what units cost,
// what short texts cost, and how it goes on with a text. From: Strata, EVALUATION (more than BPB).
import {
  CONTROL_NAMES,
  type ControlName,
  engineOptions,
  Generator,
  isControl,
  isPatched,
  LadderScorer,
  ladderTextNats,
  loadPieces,
  loadSubword,
  openLadder,
  type PieceScorer,
  PieceWriter,
  pieceScorer,
  pieceTextNats,
  type Run,
  type ScoreProgress,
  type UpperLevel,
  type WritingOptions,
} from '@strata/hierarchy';
import { LEVEL_NAMES, type LevelName } from '@strata/level';
import { segmentUnits } from '@strata/text';
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
  /** As `canWrite` says. */
  readonly writes: boolean;
  /** Continues a prompt; returns the continuation. Throws MeasureError where it does not write. */
  write(prompt: string, options: ProbeWriting): Promise<string>;
  dispose(): Promise<void>;
}

/** Names of the models of a run that can be probed: the whole ladder first, its lower ends, the base, the controls. */
export function probedNames(run: Run): string[] {
  const top = topOf(run);
  const lower = LEVEL_NAMES.slice(1, LEVEL_NAMES.indexOf(top)).toReversed();
  const controls = CONTROL_NAMES.filter((name) => run.has(name));
  return [...(top === 'subword' ? [] : ['strata', ...lower]), ...(run.has('subword') ? ['subword'] : []), ...controls];
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

/** False for models that would have to read all anew for every piece they write. */
export function canWrite(name: string): boolean {
  return !isPatched(name) && name !== 'flat-memory';
}

/** Opens a model by its name in `probedNames`, or the ladder by that of its top; throws MeasureError for any other. */
export function openProbedModel(run: Run, name: string): ProbedModel {
  requireProbed(run, name);
  const top = topOf(run);
  if (name === 'subword' || isControl(name)) return new PieceModel(run, name);
  return new LadderModel(run, name, (name === 'strata' ? top : name) as UpperLevel);
}

/** A ladder up to one of its levels. */
class LadderModel implements ProbedModel {
  readonly writes = true;
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

/** The base alone, or a control. */
class PieceModel implements ProbedModel {
  readonly #model;
  readonly window: number;
  #scorer: PieceScorer | undefined;
  #writer: PieceWriter | undefined;

  constructor(
    readonly run: Run,
    readonly name: 'subword' | ControlName,
  ) {
    this.#model = loadPieces(run, name);
    this.window = this.#model.window;
  }

  get writes(): boolean {
    return canWrite(this.name);
  }

  fits(text: string): boolean {
    return this.#model.tokenizer.encode(text).length <= this.window;
  }

  async unitNats(text: string, onProgress?: ScoreProgress): Promise<UnitNats> {
    this.#scorer ??= await pieceScorer(this.#model, this.run);
    return pieceUnitNats(this.#scorer, text, onProgress);
  }

  textNats(texts: readonly string[], onProgress?: TextsProgress): Promise<Float64Array> {
    return pieceTextNats(this.#model, this.run.config, texts, onProgress);
  }

  async write(prompt: string, { picks: _, ...options }: ProbeWriting): Promise<string> {
    const { name, run } = this;
    if (isPatched(name) || !canWrite(name))
      throw new MeasureError(`${name} has no step with a cache, so it writes nothing`);
    this.#writer ??= await PieceWriter.create(loadSubword(run, name), name, this.window, engineOptions(run.config));
    return this.#writer.write(prompt, options);
  }

  async dispose(): Promise<void> {
    await this.#scorer?.dispose();
    await this.#writer?.dispose();
  }
}
