// Checkpoints that survive kills and damage: data first, a sealed manifest second, older ones removed last.
// From: Strata; the order is that of a commit record, as in store's manifest.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DamagedFileError,
  ForeignFileError,
  type JsonValue,
  makeFolder,
  readManifest,
  readSafetensors,
  removeFile,
  removeLeftovers,
  SafetensorsError,
  type TensorData,
  verifyFile,
  writeManifest,
  writeSafetensors,
} from '@strata/store';

/** All that is needed to go on from `step` as if never stopped: parameters and optimiser moments, random and data state. */
export interface Checkpoint {
  /** Optimiser steps done, a whole number from 0. */
  readonly step: number;
  readonly tensors: ReadonlyMap<string, TensorData>;
  readonly state: JsonValue;
}

/** How many checkpoints to keep (2 unless told), and who hears of a damaged one (standard error unless told). */
export interface CheckpointStoreOptions {
  readonly keep?: number;
  readonly onDamaged?: (error: DamagedFileError | ForeignFileError) => void;
}

const KIND = { format: 'strata-checkpoint', version: 1 };
const NAME = /^step-(\d{8,15})\.(safetensors|json)$/;
const NEXT = 'nothing: an older checkpoint is used if there is one; else training starts anew';

const nameOf = (step: number, extension: 'safetensors' | 'json'): string =>
  `step-${String(step).padStart(8, '0')}.${extension}`;

/** The checkpoints of one run in one folder, which only this run may write. */
export class CheckpointStore {
  private readonly keep: number;
  private readonly onDamaged: (error: DamagedFileError | ForeignFileError) => void;

  /** Creates the folder if it is missing; throws RangeError for `keep` below 1, or WriteError. */
  constructor(
    readonly folder: string,
    { keep = 2, onDamaged = (error) => process.stderr.write(`${error.message}\n`) }: CheckpointStoreOptions = {},
  ) {
    if (!Number.isSafeInteger(keep) || keep < 1) {
      throw new RangeError(`keep is ${keep}. Accepted: a whole number from 1. Next: correct the config.`);
    }
    this.keep = keep;
    this.onDamaged = onDamaged;
    makeFolder(folder);
  }

  /**
   * Saves a checkpoint durably; only then removes those beyond `keep`, those of later steps (a future that this run has
   * left, by resuming before them) and what killed saves left. Throws RangeError, SafetensorsError, JsonValueError, WriteError.
   */
  save({ step, tensors, state }: Checkpoint): void {
    if (!Number.isSafeInteger(step) || step < 0 || step >= 1e15) {
      throw new RangeError(`step is ${step}. Accepted: a whole number from 0. Next: correct the caller.`);
    }
    const data = nameOf(step, 'safetensors');
    const written = writeSafetensors(join(this.folder, data), tensors, { format: KIND.format });
    writeManifest(join(this.folder, nameOf(step, 'json')), KIND, new Map([[data, written]]), { step, state });
    this.prune(step);
  }

  /**
   * The whole checkpoint of the highest step, or undefined if there is none; a damaged one is reported and the one before
   * it is tried. Throws VersionError, since older checkpoints of another version would only hide the cause.
   */
  loadLatest(): Checkpoint | undefined {
    for (const step of this.steps().reverse()) {
      try {
        return this.load(step);
      } catch (error) {
        if (!(error instanceof DamagedFileError || error instanceof ForeignFileError)) throw error;
        this.onDamaged(error);
      }
    }
    return undefined;
  }

  /** The steps that have a manifest, ascending; whether they are whole is only known on loading. */
  steps(): number[] {
    const steps = readdirSync(this.folder)
      .map((name) => NAME.exec(name))
      .filter((match) => match?.[2] === 'json')
      .map((match) => Number(match![1]));
    return steps.sort((a, b) => a - b);
  }

  private load(step: number): Checkpoint {
    const path = join(this.folder, nameOf(step, 'json'));
    const data = nameOf(step, 'safetensors');
    const manifest = readManifest(path, KIND, NEXT);
    verifyFile(this.folder, data, manifest, NEXT);
    const { extra } = manifest;
    // The seal is right, so this fails only for a manifest that was renamed by hand.
    if (typeof extra !== 'object' || extra === null || !('step' in extra) || extra.step !== step) {
      throw new DamagedFileError({ path, found: 'it belongs to another step', accepted: `step ${step}`, next: NEXT });
    }
    try {
      const tensors = new Map<string, TensorData>();
      for (const [name, { shape, data: values }] of readSafetensors(join(this.folder, data)).tensors) {
        tensors.set(name, { shape, data: values });
      }
      return { step, tensors, state: extra.state ?? null };
    } catch (error) {
      if (!(error instanceof SafetensorsError)) throw error;
      throw new DamagedFileError({ path: error.path, found: error.message, next: NEXT }, { cause: error });
    }
  }

  private prune(newest: number): void {
    const kept = new Set(
      this.steps()
        .filter((step) => step <= newest)
        .slice(-this.keep),
    );
    const doomed = readdirSync(this.folder).filter((name) => {
      const match = NAME.exec(name);
      return match !== null && !kept.has(Number(match[1]));
    });
    // Manifests first: data without a manifest is harmless, a manifest without data would be reported as damaged.
    const manifestsFirst = [...doomed.filter((name) => name.endsWith('.json')), ...doomed];
    for (const name of new Set(manifestsFirst)) removeFile(join(this.folder, name));
    removeLeftovers(this.folder);
  }
}
