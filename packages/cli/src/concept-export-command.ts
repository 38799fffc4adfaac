// `strata concepts export`: the concepts with their vectors as one Parquet or JSON file for other tools.
// From: Strata; files come out whole or not at all, and none is replaced unasked.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { keptConceptMap, parseConceptMap } from '@strata/inspect';
import { AtomicFile, readJsonFile, type WrittenFile } from '@strata/store';
import type { Command } from 'commander';
import { writeConceptParquet } from './concept-parquet.js';
import { type ConceptExport, conceptJson, conceptRows } from './concept-rows.js';
import { conceptVectorsOf } from './concept-vectors.js';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { type Io, writeJson } from './io.js';
import { openAnyConcepts } from './open-level.js';
import { formatBytes } from './text-table.js';

const AFTER = `
Parquet has one row a lemma: id, lemma, part_of_speech, concept, concept_name, members, count, coherence, text, vector
(of its concept: the mean of the members' vectors in the word level), and x, y where there is a map: the one that strata
inspect keeps in the run (concept-map.json) while it is of this concept level, or else what --positions gives: such a file,
or a JSON array of pairs [x, y], one a concept. Concepts that are distilled and not trained on yet have no map and no checksum.
JSON has the same by concept, with the evidence for each link.

Embedding Atlas opens the Parquet file, and makes a map of the vectors unless there is one:
  embedding-atlas concepts.parquet --text text --vector vector
  embedding-atlas concepts.parquet --text text --x x --y y

Examples:
  strata concepts export --run runs/demo --out concepts.parquet
  strata concepts export --run runs/demo --out concepts.json --force`;

interface ExportOptions {
  readonly run: string;
  readonly out: string;
  readonly positions?: string;
  readonly force?: true;
  readonly json?: true;
}

const MAXIMUM_POSITIONS_BYTES = 64 << 20;
const CHUNK = 1 << 20;

/** Whether a file that is there lies in a folder, whatever links lead to either. */
function isInside(path: string, folder: string): boolean {
  if (!existsSync(folder)) return false;
  return join(realpathSync(dirname(path)), basename(path)).startsWith(`${realpathSync(folder)}${sep}`);
}

/**
 * A map's places [C, 2] from a JSON file: pairs, or what `strata inspect` keeps. Throws RequestError unless it is one pair of
 * finite numbers a concept, of this level where it says which.
 */
function readPositions(path: string, concepts: number, checksum: string | undefined): Float32Array {
  const value = readJsonFile(path, MAXIMUM_POSITIONS_BYTES);
  const refuse = (found: string): never => {
    throw new RequestError(
      `${path}: ${found} found; accepted is a JSON array of ${concepts} pairs [x, y] of finite numbers, one a concept of this run in order of id, or the concept-map.json of this run`,
    );
  };
  if (!Array.isArray(value)) {
    const map = parseConceptMap(value);
    if (map === undefined) return refuse('neither an array nor a map of strata inspect');
    if (map.level !== checksum) return refuse('a map of another concept level');
    if (map.positions.length !== 2 * concepts) return refuse(`a map of ${map.positions.length / 2}`);
    return Float32Array.from(map.positions);
  }
  if (value.length !== concepts) return refuse(`an array of ${value.length}`);
  const places = new Float32Array(2 * concepts);
  value.forEach((pair: unknown, index) => {
    const numbers = Array.isArray(pair) && pair.length === 2 ? pair.map(Number) : [];
    places.set(numbers, 2 * index);
    const isPair = numbers.length === 2 && (pair as unknown[]).every((part) => typeof part === 'number');
    if (!isPair || !places.subarray(2 * index, 2 * index + 2).every(Number.isFinite))
      refuse(`${JSON.stringify(pair).slice(0, 80)} at place ${index}`);
  });
  return places;
}

function writeConceptJson(path: string, exported: ConceptExport): WrittenFile {
  const file = new AtomicFile(path);
  try {
    let waiting: string[] = [];
    let length = 0;
    const flush = (): void => {
      file.write(Buffer.from(waiting.join('')));
      waiting = [];
      length = 0;
    };
    for (const piece of conceptJson(exported)) {
      waiting.push(piece);
      length += piece.length;
      if (length >= CHUNK) flush();
    }
    flush();
    return file.commit();
  } finally {
    file.abandon();
  }
}

function exportConcepts({ run, out, positions, force, json }: ExportOptions, io: Io): void {
  const kind = extname(out).toLowerCase();
  if (kind !== '.parquet' && kind !== '.json')
    throw new RequestError(`--out ${out} found; the file's name says its format, and ends in .parquet or .json`);
  if (existsSync(out) && force !== true)
    throw new RequestError(`${out} is there already; --force replaces it, or name another file with --out`);
  // A run has JSON files of its own, and an export over one of them would end it.
  if (kind === '.json' && existsSync(out) && isInside(out, run))
    throw new RequestError(
      `${out} is a file of the run ${run}, which --force does not replace; name one elsewhere with --out`,
    );
  const { concepts, level } = openAnyConcepts(run);
  const checksum = level?.checksum;
  const own = checksum === undefined ? undefined : keptConceptMap(run, checksum, concepts.size);
  const places =
    positions === undefined ? own && Float32Array.from(own) : readPositions(positions, concepts.size, checksum);
  if (level === undefined && json !== true)
    io.stderr.write(
      'these concepts are distilled and not trained on yet: there is no checksum of a level, and no map\n',
    );
  const exported: ConceptExport = {
    name: basename(resolve(run)),
    ...(checksum !== undefined && { checksum }),
    concepts,
    vectors: conceptVectorsOf(run, concepts),
    ...(places !== undefined && { positions: places }),
  };
  const about = JSON.stringify({ run: exported.name, checksum });
  const written =
    kind === '.json'
      ? writeConceptJson(out, exported)
      : writeConceptParquet(out, conceptRows(exported), { withPlaces: places !== undefined, about });
  const width = exported.vectors.length / concepts.size;
  if (json === true) {
    writeJson(io, { file: out, ...written, lemmas: concepts.lemmaCount, concepts: concepts.size, width });
    return;
  }
  io.stdout.write(
    `  ${out}: ${concepts.lemmaCount} lemmas in ${concepts.size} concepts, vectors of ${width}, ${formatBytes(written.bytes)}\n`,
  );
  if (kind === '.parquet')
    io.stdout.write(
      `  embedding-atlas ${out} --text text ${places === undefined ? '--vector vector' : '--x x --y y'}\n`,
    );
}

/** Adds `export` to `concepts`; `question` makes a sub-command that reads a run. */
export function addExportCommand(question: (name: string, description: string) => Command, io: Io): void {
  question('export', 'every lemma with its concept and vector as Parquet, or the concepts with their evidence as JSON')
    .requiredOption('--out <file>', 'where to write: FILE.parquet or FILE.json')
    .option(
      '--positions <file>',
      'a JSON array of [x, y], one a concept, or a concept-map.json; without it the map in the run, if there is one',
    )
    .option('--force', 'replace the file if it is there')
    .addHelpText('after', helpText(AFTER))
    .action((options: ExportOptions) => exportConcepts(options, io));
}
