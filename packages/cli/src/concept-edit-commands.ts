// `strata concepts merge|split|forbid|edits`: what a person says of the concepts, kept for every later distillation.
// From: Strata; lemmas are named as a person writes them, and whatever is not clear is answered with the choices.
import {
  type ConceptEdit,
  describeEdit,
  type EditedLemma,
  isEligible,
  type LemmaEntry,
  lemmaLabel,
  resolveEdits,
} from '@strata/concept';
import { appendConceptEdit, conceptEditsPath, type Run, readConceptEdits, removeConceptEdit } from '@strata/hierarchy';
import type { Command } from 'commander';
import { RequestError } from './expected-errors.js';
import { type Io, oneLine, writeJson } from './io.js';
import { nearestNames } from './nearest-names.js';
import { wholeFrom } from './numbers.js';
import { openConceptVocabulary, openLemmas } from './open-level.js';
import { collect } from './repeatable.js';
import { quotedArgument } from './train-command-line.js';
import { shownPath } from './training.js';

interface EditOptions {
  readonly run: string;
  readonly note?: string;
  readonly json?: true;
}

const classes = 'nouns, verbs, adjectives and adverbs';

/** The lemma that a person means by NAME or NAME/POS. Throws RequestError with the choices where it is none or several. */
export function namedLemma(asked: string, lemmas: readonly LemmaEntry[]): EditedLemma {
  const slash = asked.lastIndexOf('/');
  // A lemma may have a slash of its own, so that the whole is tried first.
  const whole = lemmas.filter(({ name }) => name === asked);
  const found =
    whole.length > 0 || slash < 1
      ? whole
      : lemmas.filter((lemma) => lemma.name === asked.slice(0, slash) && lemma.pos === asked.slice(slash + 1));
  const open = found.filter(({ pos }) => isEligible(pos));
  if (open.length === 1) return { name: open[0]!.name, pos: open[0]!.pos };
  const shown = oneLine(asked);
  if (open.length > 1)
    throw new RequestError(`"${shown}" is several lemmas; say which: ${open.map(lemmaLabel).map(oneLine).join(', ')}`);
  if (found.length > 0)
    throw new RequestError(
      `"${shown}" is ${found.map(({ pos }) => pos).join(', ')}, which stays single; only ${classes} share concepts`,
    );
  const name = slash < 1 ? asked : asked.slice(0, slash);
  const others = lemmas.filter((lemma) => isEligible(lemma.pos));
  const same = others.filter((lemma) => lemma.name === name).map(lemmaLabel);
  const near =
    same.length > 0
      ? same
      : nearestNames(
          name,
          others.map((lemma) => lemma.name),
          5,
        );
  const hint = near.length === 0 ? '' : ` Nearest: ${near.map(oneLine).join(', ')}.`;
  throw new RequestError(`the word level knows no lemma "${shown}".${hint} Accepted: NAME, or NAME/POS`);
}

/** Adds an edit to the run's file and says what follows from it. */
function add(edit: ConceptEdit, run: Run, lemmas: readonly LemmaEntry[], { json }: EditOptions, io: Io): void {
  const { edits, dropped } = appendConceptEdit(run.folder, { ...edit, at: new Date().toISOString() });
  const path = shownPath(conceptEditsPath(run.folder));
  const { together, apart, notes } = resolveEdits(edits, lemmas);
  if (json === true) {
    writeJson(io, { file: path, added: edits.at(-1), dropped, edits: edits.length, together, apart, notes });
    return;
  }
  const lines = [
    `${describeEdit(edit)}: kept in ${path}, the ${edits.length === 1 ? 'only edit' : `last of ${edits.length} edits`}`,
    ...dropped.map((earlier) => `replaces: ${describeEdit(earlier)}`),
    ...notes.map((note) => `note: ${note}`),
    nextDistillation(run),
  ];
  io.stdout.write(lines.map((line) => `  ${oneLine(line)}\n`).join(''));
}

/** How edits come into force. */
function nextDistillation(run: Run): string {
  const command = `strata concepts distil --run ${quotedArgument(shownPath(run.folder))}`;
  return run.has('concept')
    ? `The concept level here is trained and stays as it is. To distil anew beside it: ${command} --name NAME`
    : `The next distillation does so: ${command}`;
}

function merge(names: readonly string[], options: EditOptions, io: Io): void {
  const { run, lemmas } = openLemmas(options.run);
  if (names.length < 2)
    throw new RequestError('merge takes two lemmas or more, as in: strata concepts merge big large');
  const named = names.map((name) => namedLemma(name, lemmas));
  add({ kind: 'merge', lemmas: named, ...noteOf(options) }, run, lemmas, options, io);
}

function forbid(first: string, second: string, options: EditOptions, io: Io): void {
  const { run, lemmas } = openLemmas(options.run);
  const [a, b] = [namedLemma(first, lemmas), namedLemma(second, lemmas)];
  add({ kind: 'forbid', a, b, ...noteOf(options) }, run, lemmas, options, io);
}

function split(names: readonly string[], options: EditOptions & { from?: string[] }, io: Io): void {
  const { run, lemmas } = openLemmas(options.run);
  const off = names.map((name) => namedLemma(name, lemmas));
  const from = options.from?.map((name) => namedLemma(name, lemmas)) ?? companions(off, options.run);
  add({ kind: 'split', from, off, ...noteOf(options) }, run, lemmas, options, io);
}

/** The other members of the concept that all of these are in. Throws RequestError where there is no such concept. */
function companions(lemmas: readonly EditedLemma[], run: string): EditedLemma[] {
  const concepts = openConceptVocabulary(run);
  const homes = new Set(
    lemmas.flatMap(({ name, pos }) => concepts.find(name, pos)).map((id) => concepts.conceptOf[id]!),
  );
  const home = homes.size === 1 ? concepts.concept([...homes][0]!) : undefined;
  const others = (home?.members ?? [])
    .map(({ name }) => ({ name, pos: home!.pos }))
    .filter((member) => !lemmas.some((lemma) => lemmaLabel(lemma) === lemmaLabel(member)));
  if (others.length > 0) return others;
  throw new RequestError(
    `${lemmas.map(lemmaLabel).map(oneLine).join(', ')} ${homes.size > 1 ? 'are in several concepts' : 'share their concept with no other'}; name with --from what to split off from`,
  );
}

function noteOf({ note }: EditOptions): { note?: string } {
  return note === undefined ? {} : { note };
}

function listEdits(options: { run: string; remove?: number; json?: true }, io: Io): void {
  const { run, lemmas } = openLemmas(options.run);
  const path = shownPath(conceptEditsPath(run.folder));
  const { remove } = options;
  const edits: readonly ConceptEdit[] =
    remove === undefined
      ? readConceptEdits(run.folder)
      : removeConceptEdit(run.folder, remove - 1, ({ length }) => {
          if (remove > length)
            throw new RequestError(`edit ${remove} asked for; ${path} has ${length}. See: strata concepts edits`);
        });
  const { applied, notes } = resolveEdits(edits, lemmas);
  if (options.json === true) {
    writeJson(io, { file: path, edits, applied, notes });
    return;
  }
  if (edits.length === 0) {
    io.stdout.write(`  ${path}: no edits\n`);
    return;
  }
  const lines = [
    ...edits.map((edit, index) => `${index + 1}. ${describeEdit(edit)}${edit.at === undefined ? '' : `, ${edit.at}`}`),
    ...notes.map((note) => `note: ${note}`),
    `${path}: ${edits.length} ${edits.length === 1 ? 'edit' : 'edits'}, ${applied} of them asking something of this run's lemmas`,
    nextDistillation(run),
  ];
  io.stdout.write(lines.map((line) => `  ${oneLine(line)}\n`).join(''));
}

/** Adds the edits to `concepts`; `question` makes a sub-command that reads a run. */
export function addEditCommands(question: (name: string, description: string) => Command, io: Io): void {
  const editing = (name: string, description: string): Command =>
    question(name, description).option('--note <text>', 'why, for whoever reads the evidence');
  editing('merge', 'hold lemmas together in one concept, whatever the judges say')
    .argument('<lemmas...>', 'two lemmas or more, each NAME or NAME/POS')
    .action((names: string[], options: EditOptions) => merge(names, options, io));
  editing('forbid', 'keep two lemmas in different concepts')
    .argument('<lemma>', 'NAME or NAME/POS')
    .argument('<other>', 'NAME or NAME/POS')
    .action((first: string, second: string, options: EditOptions) => forbid(first, second, options, io));
  editing('split', 'part lemmas from the others of their concept')
    .argument('<lemmas...>', 'what goes, each NAME or NAME/POS')
    .option('--from <lemma>', 'what stays (repeatable; default: the other members of their concept)', collect)
    .action((names: string[], options: EditOptions & { from?: string[] }) => split(names, options, io));
  question('edits', 'the edits of a run, oldest first, and what they ask for')
    .option('--remove <n>', 'take the edit of this number back', wholeFrom(1))
    .action((options: { run: string; remove?: number; json?: true }) => listEdits(options, io));
}
