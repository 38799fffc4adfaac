// The file `concept-edits.json` of a run: a person's edits of its concepts, which every later distillation respects.
// From: Strata; it lies beside the levels and not in one, so that deleting a level to train it again keeps it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AppendedEdit,
  appendEdit,
  type ConceptEdit,
  conceptEditsFromJson,
  conceptEditsToJson,
} from '@strata/concept';
import { readJsonFile, writeJsonFile } from '@strata/store';

const MAXIMUM_EDITS_BYTES = 4 << 20;

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

/** Writes all edits of a run, atomically. Throws the Store's errors. */
export function writeConceptEdits(runFolder: string, edits: readonly ConceptEdit[]): void {
  writeJsonFile(conceptEditsPath(runFolder), conceptEditsToJson(edits));
}
