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
import { readJsonFile, stringifyJson, writeJsonFile } from '@strata/store';

const MAXIMUM_EDITS_BYTES = 8 << 20;

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
  const appended = appendEdit(readConceptEdits(runFolder), edit);
  writeConceptEdits(runFolder, appended.edits);
  return appended;
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
