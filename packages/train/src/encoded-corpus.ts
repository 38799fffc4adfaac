// The training text of a run as its stages read it: encoded once, kept on disk, checked when it is used again.
// From: Strata; <run>/encoded/<kind>-<identity>/, named by the corpus and the vocabularies that it was encoded with.
import { existsSync, readdirSync } from 'node:fs';
import { endianness } from 'node:os';
import { basename, join } from 'node:path';
import {
  EncodedLadder,
  EncodedPieces,
  type EncodingOptions,
  EncodingStoppedError,
  isUnusable,
  type Run,
  readEncoded,
  writeLadder,
  writePieces,
} from '@strata/hierarchy';
import { levelsUpTo } from '@strata/level';
import { type Manifest, removeFolder, sha256 } from '@strata/store';
import type { BpeTokenizer } from '@strata/subword';
import { bytesOfDocuments } from '@strata/text';
import type { WordTokenizer } from '@strata/word';
import { createProgress } from './progress.js';
import { InterruptedError } from './stage.js';
import type { StageContext } from './stage-parts.js';

const FORMAT = 2;

/** The training text as pieces; close it after use. Throws InterruptedError when asked to stop. */
export async function encodedPieces(context: StageContext, tokenizer: BpeTokenizer): Promise<EncodedPieces> {
  const folder = folderOf(context, 'pieces', [tokenizer.toJSON()]);
  const manifest = await encoded(context, folder, (options) =>
    writePieces(folder, context.corpus.train, tokenizer, options),
  );
  return EncodedPieces.open(folder, manifest);
}

/** The training text on all levels; close it after use. Throws InterruptedError when asked to stop. */
export async function encodedLadder(
  context: StageContext,
  words: WordTokenizer,
  tokenizer: BpeTokenizer,
): Promise<EncodedLadder> {
  const folder = folderOf(context, 'units', [tokenizer.toJSON(), words.vocabulary.toJSON()]);
  const manifest = await encoded(context, folder, (options) =>
    writeLadder(folder, context.corpus.train, words, tokenizer, options),
  );
  return new EncodedLadder(folder, manifest);
}

function folderOf({ run, corpus }: StageContext, kind: 'pieces' | 'units', vocabularies: readonly unknown[]): string {
  const identity = sha256(JSON.stringify([FORMAT, endianness(), corpus.hash, ...vocabularies]));
  return join(encodedFolder(run), `${kind}-${identity.slice(0, 32)}`);
}

const encodedFolder = (run: Run): string => join(run.folder, 'encoded');

async function encoded(
  context: StageContext,
  folder: string,
  write: (options: EncodingOptions) => Promise<Manifest>,
): Promise<Manifest> {
  try {
    const found = readEncoded(folder);
    if (found !== undefined) return found;
  } catch (error) {
    if (!isUnusable(error)) throw error;
    context.note(error.message);
  }
  const total = bytesOfDocuments(context.corpus.train);
  const progress = (context.progress ?? createProgress)('encode', total, 'bytes');
  try {
    return await write({ onProgress: (bytes) => progress.update(bytes), signal: context.signal });
  } catch (error) {
    if (!(error instanceof EncodingStoppedError)) throw error;
    throw new InterruptedError('stopped while the text was encoded; go on with --resume');
  } finally {
    progress.finish();
  }
}

/** Removes encoded text that no stage still to be trained will read; what the upper levels share stays until the last. */
export function removeUnneeded(run: Run): void {
  const parent = encodedFolder(run);
  if (!existsSync(parent)) return;
  const { subword, flat, top, controls } = run.config;
  // Controls read the base's pieces where both learn as many, and those of one another.
  const shared = subword.vocabularySize === flat.vocabularySize;
  const untrained = controls.some((name) => !run.has(name));
  const pieces = !run.has('subword') || (untrained && (shared || controls.some((name) => run.has(name))));
  const units = levelsUpTo(top).some((level) => level !== 'subword' && !run.has(level));
  for (const name of readdirSync(parent)) {
    const needed = name.startsWith('units-') ? units : pieces;
    if (!needed) removeFolder(join(parent, basename(name)));
  }
  if (readdirSync(parent).length === 0) removeFolder(parent);
}
