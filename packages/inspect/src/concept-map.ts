// The map of a run's concepts: laid out once in a worker, and kept beside the run for as long as its concept level is the same.
// From: Strata; the file is read as any file from others is.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { readJsonFile, StoreError, writeJsonFile } from '@strata/store';
import { z } from 'zod';
import type { MapAnswer } from './answers.js';
import { LAYOUT_VERSION, layOut } from './layout.js';
import type { MapMessage, MapTask } from './map-worker.js';

const FORMAT = 'strata-concept-map';
const MAXIMUM_BYTES = 128 << 20;
const SEED = 1;
/** From sources, as in tests, no compiled worker stands beside this file. */
const WORKER = fileURLToPath(new URL('./map-worker.js', import.meta.url));

const file = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(LAYOUT_VERSION),
  /** Checksum of the concept level that was laid out. */
  level: z.string().max(200),
  positions: z.array(z.number().min(-1).max(1)).max(20_000_000),
});

/** Where a run keeps its map. */
export function mapPath(runFolder: string): string {
  return join(runFolder, 'concept-map.json');
}

/** What is to be laid out. */
export interface MapSource {
  readonly runFolder: string;
  /** Checksum of the concept level. */
  readonly level: string;
  readonly vectors: Float32Array;
  readonly count: number;
  /** Told what went wrong with the file, which never stops the map. */
  readonly note: (message: string) => void;
}

/** A map that is there, or on its way. */
export class ConceptMap {
  #answer: MapAnswer = { state: 'computing', step: 'starting', share: 0 };
  #worker: Worker | undefined;

  /** Takes the kept map, or begins to lay it out. */
  constructor(readonly source: MapSource) {
    const { runFolder, level, count, note } = source;
    const kept = keptConceptMap(runFolder, level, count, note);
    if (kept === undefined) this.#begin();
    else this.#answer = { state: 'ready', positions: kept };
  }

  get answer(): MapAnswer {
    return this.#answer;
  }

  /** Stops what is being computed. */
  async dispose(): Promise<void> {
    await this.#worker?.terminate();
  }

  #begin(): void {
    const { vectors, count } = this.source;
    if (!existsSync(WORKER)) {
      this.#finish(layOut(vectors, count, SEED));
      return;
    }
    const task: MapTask = { vectors, count, seed: SEED };
    // umap-js keeps its graph in maps: 50,000 points take more than a small machine's default.
    const worker = new Worker(WORKER, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 6144 } });
    this.#worker = worker;
    worker.on('message', (message: MapMessage) => {
      if ('positions' in message) this.#finish(message.positions);
      else this.#answer = { state: 'computing', ...message };
    });
    worker.on('error', (error) => {
      this.#answer = { state: 'failed', error: error.message };
    });
  }

  #finish(found: Float32Array): void {
    // Four digits are finer than any screen.
    const positions = Array.from(found, (value) => Number(value.toFixed(4)));
    this.#answer = { state: 'ready', positions };
    const { runFolder, level, note } = this.source;
    try {
      writeJsonFile(mapPath(runFolder), { format: FORMAT, version: LAYOUT_VERSION, level, positions }, 0);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      note(`the map is not kept for the next time: ${error.message}`);
    }
  }
}

/** What a kept map says: the checksum of its concept level, and x0, y0, x1, y1, ...; undefined of anything else. */
export function parseConceptMap(value: unknown): { level: string; positions: number[] } | undefined {
  return file.safeParse(value).data;
}

/** The positions that a run keeps; undefined where there are none, or they are of another level or of no map at all, which `note` is told. */
export function keptConceptMap(
  runFolder: string,
  level: string,
  count: number,
  note: (message: string) => void = () => {},
): number[] | undefined {
  const path = mapPath(runFolder);
  if (!existsSync(path)) return undefined;
  try {
    const parsed = file.safeParse(readJsonFile(path, MAXIMUM_BYTES));
    if (parsed.success) {
      const { positions, level: kept } = parsed.data;
      return kept === level && positions.length === 2 * count ? positions : undefined;
    }
    note(`${path} is no map of Strata and is made anew: ${z.prettifyError(parsed.error)}`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    note(`the kept map is made anew: ${error.message}`);
  }
  return undefined;
}
