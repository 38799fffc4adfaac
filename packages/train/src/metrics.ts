// metrics.jsonl: one JSON line a measurement, the same lines whether or not the run was killed and resumed on the way.
// From: Strata; what depends on the clock lives under `timing` only, so that two runs compare equal without that key.
import { existsSync } from 'node:fs';
import {
  AppendFile,
  DamagedFileError,
  type JsonObject,
  type JsonValue,
  parseJson,
  readFileBytes,
  stringifyJson,
  writeFileAtomic,
} from '@strata/store';

/** What a measurement may hold besides its step. */
export type MetricValue = number | string | boolean | null;

/** What the clock said: never compared between runs. */
export interface Timing {
  readonly seconds?: number;
  readonly bytesPerSecond?: number;
  readonly [name: string]: number | undefined;
}

/** One line of metrics.jsonl. */
export interface MetricsLine {
  readonly step: number;
  readonly stage: string;
  readonly timing?: Timing;
  readonly [name: string]: MetricValue | Timing | undefined;
}

/** Which stage writes (`word`, `concept`, ...) and, when it goes on from a checkpoint, after which step. */
export interface MetricsWriterOptions {
  readonly stage: string;
  readonly resumeFrom?: number;
}

const MAXIMUM_BYTES = 256 * 1024 * 1024;
const OWN_KEYS: ReadonlySet<string> = new Set(['step', 'stage', 'timing']);

const isLine = (value: JsonValue): value is JsonObject & { step: number; stage: string } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  'step' in value &&
  typeof value.step === 'number' &&
  'stage' in value &&
  typeof value.stage === 'string';

/** The whole lines as text and as values; a torn last line, which a kill leaves, is dropped. */
function readLines(path: string): { text: string; line: MetricsLine }[] {
  if (!existsSync(path)) return [];
  // A torn line may end inside a character; decoding must not fail on that.
  const texts = new TextDecoder().decode(readFileBytes(path, MAXIMUM_BYTES)).split('\n');
  const lines: { text: string; line: MetricsLine }[] = [];
  for (const [index, text] of texts.entries()) {
    const last = index === texts.length - 1;
    if (last && text === '') break;
    try {
      const line = parseJson(text);
      if (!isLine(line)) throw new Error('a line without step or stage');
      lines.push({ text, line: line as unknown as MetricsLine });
    } catch (error) {
      // A prefix of a line is never JSON, so a last line that parses is whole even without its newline.
      if (last) break;
      throw new DamagedFileError(
        {
          path,
          found: `line ${index + 1}: ${error instanceof Error ? error.message : String(error)}`,
          accepted: 'one JSON object a line, with step and stage',
          next: `delete line ${index + 1} or the file`,
        },
        { cause: error },
      );
    }
  }
  return lines;
}

/** The measurements of a metrics.jsonl, none if there is no file; a torn last line is left out; throws DamagedFileError. */
export function readMetrics(path: string): MetricsLine[] {
  return readLines(path).map(({ line }) => line);
}

/** The appending writer of one stage; lines of other stages in the same file are let be. */
export class MetricsWriter {
  private readonly stage: string;
  private readonly file: AppendFile;

  /**
   * Opens the file. Lines of this stage after step `resumeFrom` are dropped, since the run will write them again; without
   * `resumeFrom` the stage starts anew and all its lines are dropped. Throws DamagedFileError, WriteError.
   */
  constructor(
    readonly path: string,
    { stage, resumeFrom }: MetricsWriterOptions,
  ) {
    this.stage = stage;
    const lines = readLines(path);
    const kept = lines.filter(
      ({ line }) => line.stage !== stage || (resumeFrom !== undefined && line.step <= resumeFrom),
    );
    if (existsSync(path)) writeFileAtomic(path, kept.map(({ text }) => `${text}\n`).join(''));
    this.file = new AppendFile(path);
  }

  /**
   * Appends one measurement; a number that is not finite becomes null, as JSON has none. Throws RangeError for a step
   * that is no whole number from 0 and for a field named step, stage or timing, and WriteError.
   */
  write(step: number, fields: Readonly<Record<string, MetricValue>>, timing?: Timing): void {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new RangeError(`step is ${step}. Accepted: a whole number from 0. Next: correct the caller.`);
    }
    const line: Record<string, MetricValue | Record<string, MetricValue>> = { step, stage: this.stage };
    for (const [name, value] of Object.entries(fields)) {
      if (OWN_KEYS.has(name)) throw new RangeError(`a field is named "${name}". Next: give it another name.`);
      line[name] = finiteOrNull(value);
    }
    if (timing !== undefined) {
      const times = Object.entries(timing).filter((entry): entry is [string, number] => entry[1] !== undefined);
      line.timing = Object.fromEntries(times.map(([name, value]) => [name, finiteOrNull(value)]));
    }
    this.file.append(`${stringifyJson(line)}\n`);
  }

  /** Waits until all lines are on the disk; call it before saving the checkpoint of the same step. */
  flush(): void {
    this.file.flush();
  }

  /** Flushes and closes; a second call does nothing. */
  close(): void {
    this.file.close();
  }
}

const finiteOrNull = (value: MetricValue): MetricValue =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value;
