// The file `concept-edits.json` of a run: a person's edits of its concepts, which every later distillation respects.
// From: Strata; it lies beside the levels and not in one, so that deleting a level to train it again keeps it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AppendedEdit,
  appendEdit,
  type ConceptEdit,
  ConceptEditsError,
  conceptEditsFromJson,
  conceptEditsToJson,
} from '@strata/concept';
import { LockedError, lockFolder, readJsonFile, stringifyJson, writeJsonFile } from '@strata/store';

const MAXIMUM_EDITS_BYTES = 8 << 20;
/** Beside the lock of trainings, which hold theirs for hours while a person may edit. */
const LOCK = 'concept-edits.lock';
const ATTEMPTS = 200;
const PAUSE_MILLISECONDS = 10;

/** Where a run keeps its edits. */
export function conceptEditsPath(runFolder: string): string {
  return join(runFolder, 'concept-edits.json');
}

/** The edits of a run, oldest first; none where there is no file. Throws ConceptEditsError or the Store's errors. */
export function readConceptEdits(runFolder: string): ConceptEdit[] {
  const path = conceptEditsPath(runFolder);
  return existsSync(path) ? conceptEditsFromJson(readJsonFile(path, MAXIMUM_EDITS_BYTES), path) : [];
}

/** Adds an edit to a run's file, atomically. Throws ConceptEditsError or the Store's errors; the file is then as before. */
export function appendConceptEdit(runFolder: string, edit: ConceptEdit): AppendedEdit {
  return changingEdits(runFolder, () => {
    const appended = appendEdit(readConceptEdits(runFolder), edit);
    writeConceptEdits(runFolder, appended.edits);
    return appended;
  });
}

/** Takes the edit at a place out of a run's file, after `check` has seen all; what is left. Throws as `check` does, or as appendConceptEdit. */
export function removeConceptEdit(
  runFolder: string,
  place: number,
  check: (edits: readonly ConceptEdit[]) => void,
): ConceptEdit[] {
  return changingEdits(runFolder, () => {
    const edits = readConceptEdits(runFolder);
    check(edits);
    const left = edits.filter((_, index) => index !== place);
    writeConceptEdits(runFolder, left);
    return left;
  });
}

/** Reads and writes with no other process between: the page and a command may edit one run. Throws LockedError after a wait. */
function changingEdits<Result>(runFolder: string, change: () => Result): Result {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let release: (() => void) | undefined;
  for (let attempt = 1; release === undefined; attempt++) {
    try {
      release = lockFolder(runFolder, LOCK);
    } catch (error) {
      if (!(error instanceof LockedError) || attempt === ATTEMPTS) throw error;
      Atomics.wait(pause, 0, 0, PAUSE_MILLISECONDS);
    }
  }
  try {
    return change();
  } finally {
    release();
  }
}

/** Writes all edits of a run, atomically. Throws ConceptEditsError where they are more than is read back, or the Store's errors. */
export function writeConceptEdits(runFolder: string, edits: readonly ConceptEdit[]): void {
  const path = conceptEditsPath(runFolder);
  const value = conceptEditsToJson(edits);
  const bytes = Buffer.byteLength(stringifyJson(value, 2)) + 1;
  if (bytes > MAXIMUM_EDITS_BYTES)
    throw new ConceptEditsError(
      `${path}: with this edit it would hold ${bytes} bytes; at most ${MAXIMUM_EDITS_BYTES} are read. Next: take edits back with strata concepts edits --remove, or shorten notes.`,
    );
  writeJsonFile(path, value);
}
