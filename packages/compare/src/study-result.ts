// What a study found: the sweeps and what they chose, the joined report of its seeds, and how much more the flat models need.
// From: Strata, EVALUATION (matched baselines).
import { dataNeeded, type Need, type TrainingPoint } from './data-needed.js';
import type { ReportParts } from './report-parts.js';
import type { Report } from './report-schema.js';
import { isFlat } from './report-verdict.js';
import type { Study, Sweep } from './study.js';

/** One value of a sweep, by the bits per byte of validation text. */
export interface SweepPoint {
  readonly value: number | string | boolean;
  /** null where the training diverged: such a value is lost, and never the best. */
  readonly validation: number | null;
  /** Which stage diverged, and how. */
  readonly diverged?: string;
}

/** A sweep and the place of the value that was best. */
export interface SweepResult extends Pick<Sweep, 'stage' | 'key'> {
  readonly points: readonly SweepPoint[];
  readonly best: number;
}

/** A share of the text of every stage, and what the models reached with it. */
export interface ScaleResult {
  readonly scale: number;
  readonly models: readonly ScaledModel[];
}

/** A model trained on a share of the text: what its longest stage has read, and all of its stages together. */
export interface ScaledModel {
  readonly name: string;
  readonly bytesSeen: number;
  readonly bytesRead: number;
  readonly trainFlops: number;
  readonly validation: number;
  readonly test: number;
}

/** How many times the text and the training FLOPs of a ladder a flat model needs for the ladder's bits per byte of test text. */
export interface ControlNeed {
  readonly name: string;
  /** The ladder's share of the text. */
  readonly scale: number;
  /** Of the text that the ladder's longest stage has read. */
  readonly bytes: Need;
  /** Of all that its stages have read together, the same text again and again. */
  readonly read: Need;
  readonly flops: Need;
}

/** All that a study found. */
export interface StudyResult {
  readonly format: 'strata-study';
  readonly version: 1;
  readonly study: Study;
  /** Overrides beside the study's file: those of a command and of a budget. Absent in results of versions that did not say. */
  readonly settings?: readonly string[];
  /** Overrides that the sweeps have found. */
  readonly found: readonly string[];
  readonly sweeps: readonly SweepResult[];
  readonly scales: readonly ScaleResult[];
  readonly needs: readonly ControlNeed[];
  /** Names of its runs. */
  readonly runs: readonly string[];
  /** By run, the parts of the report that the tables were made of; a run of a sweep has none. Absent in results of versions that did not say. */
  readonly reports?: Readonly<Record<string, ReportParts>>;
  readonly report: Report;
}

/** The place of the least bits, the first of equals; undefined where the training of every value diverged. */
export function bestPoint(points: readonly SweepPoint[]): number | undefined {
  const bits = points.map(({ validation }) => validation ?? Number.POSITIVE_INFINITY);
  const least = Math.min(...bits);
  return least < Number.POSITIVE_INFINITY ? bits.indexOf(least) : undefined;
}

/** What the models of a report were given and reached; a model of several stages has read what its longest one did. */
export function scaledModels(report: Report): ScaledModel[] {
  const longest = Math.max(...report.levels.map(({ bytesSeen }) => bytesSeen));
  const wanted = report.models.filter(({ name }) => name === 'strata' || isFlat(name));
  return wanted.map(({ name, bytesSeen, trainFlops, bitsPerByte }) => ({
    name,
    bytesSeen: name === 'strata' ? longest : bytesSeen,
    bytesRead: bytesSeen,
    trainFlops,
    validation: bitsPerByte.validation.total,
    test: bitsPerByte.test.total,
  }));
}

/** What each flat model needs to read the test text as well as the ladder does, for each length of the ladder's training. */
export function controlNeeds(scales: readonly ScaleResult[]): ControlNeed[] {
  const names = new Set(scales.flatMap(({ models }) => models.map(({ name }) => name).filter(isFlat)));
  const pairs = scales.flatMap(({ scale, models }) => {
    const ladder = models.find(({ name }) => name === 'strata');
    return ladder === undefined ? [] : [...names].map((name) => ({ scale, ladder, name }));
  });
  return pairs.flatMap(({ scale, ladder, name }) => {
    const trained = scales.flatMap(({ models }) => models.filter((model) => model.name === name));
    const need = (given: 'bytesSeen' | 'bytesRead' | 'trainFlops'): Need | undefined => {
      const point = (model: ScaledModel): TrainingPoint => ({ given: model[given], bitsPerByte: model.test });
      return dataNeeded(point(ladder), trained.map(point));
    };
    const [bytes, read, flops] = [need('bytesSeen'), need('bytesRead'), need('trainFlops')];
    return bytes === undefined || read === undefined || flops === undefined
      ? []
      : [{ name, scale, bytes, read, flops }];
  });
}
