// `strata concepts`: the distilled clusters with their members and evidence, and what lies near them.
// From: Strata, DESIGN (concepts are named, readable units; every cluster keeps its evidence).
import { type Concept, ConceptIndex, type ConceptVocabulary, type PairEvidence, type WhyPair } from '@strata/concept';
import { type Command, Option } from 'commander';
import { addDistilCommand } from './concept-distil-command.js';
import { addEditCommands } from './concept-edit-commands.js';
import { addExportCommand } from './concept-export-command.js';
import { conceptVectorsOf } from './concept-vectors.js';
import { addConceptsEvaluate } from './concepts-evaluate.js';
import { RequestError } from './expected-errors.js';
import { helpText } from './help-text.js';
import { colours, type Io, printable, writeJson } from './io.js';
import { nearestNames } from './nearest-names.js';
import { wholeFrom } from './numbers.js';
import { openConceptVocabulary } from './open-level.js';
import { textTable } from './text-table.js';

const AFTER = `
A concept is named by its members, by one of them, or by its id; a lemma by itself, or as NAME/POS.
Edits go to concept-edits.json in the run's folder, and every later distillation respects them, whoever judges otherwise.

Examples:
  strata concepts list --run runs/demo --limit 20
  strata concepts show big/large --run runs/demo
  strata concepts near king --run runs/demo
  strata concepts why big --run runs/demo --json
  strata concepts evaluate --run runs/demo --wordnet
  strata concepts merge big large --run runs/demo --note "the same in our books"
  strata concepts forbid ring/NOUN bell/NOUN --run runs/demo
  strata concepts split red --from coat --run runs/demo
  strata concepts distil --run runs/demo --name demo-edited
  strata concepts export --run runs/demo --out concepts.parquet`;

/** Throws RequestError with the names that may have been meant. */
function unknown(name: string, concepts: ConceptVocabulary): never {
  const known = concepts.concepts.flatMap((concept) => [concept.name, ...concept.members.map((member) => member.name)]);
  const near = nearestNames(name, known, 5);
  const hint = near.length === 0 ? '' : ` Nearest: ${near.map(printable).join(', ')}.`;
  throw new RequestError(`no concept or lemma is called "${printable(name)}".${hint} See: strata concepts list`);
}

/** Ids of the lemmas of a name, or of NAME/POS as edits write it; a lemma may have a slash of its own, so that the whole is tried first. */
function lemmasNamed(asked: string, concepts: ConceptVocabulary, pos?: string): number[] {
  const slash = asked.lastIndexOf('/');
  const whole = concepts.find(asked, pos);
  if (whole.length > 0 || slash < 1 || pos !== undefined) return [...whole];
  return [...concepts.find(asked.slice(0, slash), asked.slice(slash + 1))];
}

/** The concepts that a name or an id stands for: one, or one a part of speech. */
function resolve(asked: string, concepts: ConceptVocabulary): Concept[] {
  const named = concepts.concepts.filter((concept) => concept.name === asked);
  if (named.length > 0) return named;
  const lemmas = lemmasNamed(asked, concepts);
  if (lemmas.length > 0) return [...new Set(lemmas.map((lemma) => concepts.concept(concepts.conceptOf[lemma]!)))];
  // Numbers are lemmas too ("7"), so an id comes last.
  const [, id] = /^#?(\d{1,9})$/.exec(asked) ?? [];
  if (id !== undefined && Number(id) < concepts.size) return [concepts.concept(Number(id))];
  return unknown(asked, concepts);
}

const threeDigits = (similarity: number): string => similarity.toFixed(3);
const lift = (nats: number | undefined): string => (nats === undefined ? '·' : nats.toFixed(2));

function summary(concept: Concept, concepts: ConceptVocabulary) {
  const { id, name, pos, members } = concept;
  return { id, name, pos, coherence: concepts.coherence(id), members };
}

function verdictLines(verdicts: PairEvidence['verdicts']): string[] {
  return verdicts.map(({ judge, accept, score, reason }) => {
    const said = accept === undefined ? 'has no opinion' : accept ? 'accepts' : 'refuses';
    return `      ${printable(judge)} ${said} (${score.toFixed(3)}): ${printable(reason)}`;
  });
}

/** The evidence for a pair: what the proposer measured, what each judge said. */
export function pairLines(left: string, right: string, pair: PairEvidence): string[] {
  const shared = pair.shared.length === 0 ? '' : `; both slots also take ${pair.shared.map(printable).join(', ')}`;
  return [
    `    ${printable(left)} + ${printable(right)}: similarity ${threeDigits(pair.similarity)}, ` +
      `fits the other's slots by ${lift(pair.liftAB)} and ${lift(pair.liftBA)} nats${shared}`,
    ...verdictLines(pair.verdicts),
  ];
}

/** A cluster with its evidence, a line a finding. */
export function conceptLines(concept: Concept, concepts: ConceptVocabulary): string[] {
  const members = concept.members.map(({ name, count }) => `${printable(name)} (${count})`).join(', ');
  return [
    `  ${printable(concept.name)}  #${concept.id} ${concept.pos}, coherence ${threeDigits(concepts.coherence(concept.id))}: ${members}`,
    ...concept.links.flatMap((pair) => pairLines(concepts.lemma(pair.a).name, concepts.lemma(pair.b).name, pair)),
  ];
}

function list(options: { run: string; limit: number; all?: true; json?: true }, io: Io): void {
  const concepts = openConceptVocabulary(options.run);
  const clusters = concepts.bestClusters(options.limit);
  const singles = options.all === true ? concepts.concepts.filter((concept) => concept.members.length === 1) : [];
  const listed = [...clusters, ...singles].slice(0, options.limit);
  const clustered = concepts.concepts.filter((concept) => concept.members.length > 1).length;
  if (options.json === true) {
    writeJson(io, {
      concepts: concepts.size,
      lemmas: concepts.lemmaCount,
      clusters: clustered,
      listed: listed.map((concept) => summary(concept, concepts)),
    });
    return;
  }
  const rows = listed.map((concept) => [
    printable(concept.name),
    `#${concept.id}`,
    concept.pos,
    threeDigits(concepts.coherence(concept.id)),
    concept.members.map(({ name }) => printable(name)).join(', '),
  ]);
  if (rows.length > 0)
    io.stdout.write(`${leftTable([['concept', 'id', 'part of speech', 'coherence', 'members'], ...rows])}\n`);
  io.stdout.write(
    `  ${concepts.lemmaCount} lemmas in ${concepts.size} concepts; ${clustered} hold two lemmas or more, ${listed.length} listed\n`,
  );
}

/** A table whose last column, which varies most, is not padded to the right. */
function leftTable(rows: readonly (readonly string[])[]): string {
  const table = textTable(rows.map((row) => row.slice(0, -1))).split('\n');
  return table.map((line, at) => `${line}  ${rows[at]!.at(-1)}`).join('\n');
}

function show(asked: string, options: { run: string; json?: true }, io: Io): void {
  const concepts = openConceptVocabulary(options.run);
  const found = resolve(asked, concepts);
  if (options.json === true) {
    writeJson(
      io,
      found.map((concept) => ({ ...summary(concept, concepts), links: concept.links })),
    );
    return;
  }
  for (const concept of found) {
    io.stdout.write(`${conceptLines(concept, concepts).join('\n')}\n`);
    if (concept.members.length === 1)
      io.stdout.write(
        `    single: nothing was found to mean the same; strata concepts why ${printable(concept.members[0]!.name)}\n`,
      );
  }
}

function near(asked: string, options: { run: string; limit: number; json?: true }, io: Io): void {
  const concepts = openConceptVocabulary(options.run);
  const found = resolve(asked, concepts);
  const index = new ConceptIndex(conceptVectorsOf(options.run, concepts), concepts.size);
  const answers = found.map((concept) => ({
    concept: { id: concept.id, name: concept.name, pos: concept.pos },
    near: index
      .near(concept.id, options.limit)
      .map(({ concept: id, cosine }) => ({ id, name: concepts.nameOf(id), pos: concepts.concept(id).pos, cosine })),
  }));
  if (options.json === true) {
    writeJson(io, answers);
    return;
  }
  for (const { concept, near: neighbours } of answers) {
    const rows = neighbours.map(({ id, name, pos, cosine }) => [printable(name), `#${id}`, pos, cosine.toFixed(3)]);
    io.stdout.write(`  ${printable(concept.name)}  #${concept.id} ${concept.pos}\n${textTable(rows)}\n`);
  }
}

function whyLines(pair: WhyPair): string[] {
  const shared = pair.shared.length === 0 ? '' : `; both slots also take ${pair.shared.map(printable).join(', ')}`;
  return [
    `    ${printable(pair.other.name)}: ${pair.accepted ? 'accepted' : 'refused'}, similarity ${threeDigits(pair.similarity)}, ` +
      `it fits here by ${lift(pair.otherInOwn)} nats and this fits there by ${lift(pair.ownInOther)}${shared}`,
    ...verdictLines(pair.verdicts),
  ];
}

function why(lemma: string, options: { run: string; pos?: string; json?: true }, io: Io): void {
  const concepts = openConceptVocabulary(options.run);
  const lemmas = lemmasNamed(lemma, concepts, options.pos);
  if (lemmas.length === 0) {
    if (options.pos !== undefined && concepts.find(lemma).length > 0)
      throw new RequestError(`"${printable(lemma)}" is known, but not as ${options.pos}; leave --pos away`);
    unknown(lemma, concepts);
  }
  const answers = lemmas.map((id) => concepts.why(id));
  if (options.json === true) {
    writeJson(
      io,
      answers.map(({ lemma: member, concept, together, apart }) => ({
        lemma: member,
        concept: summary(concept, concepts),
        together,
        apart,
      })),
    );
    return;
  }
  const { bold } = colours(io);
  for (const { lemma: member, concept, together, apart } of answers) {
    io.stdout.write(
      `  ${bold(printable(member.name))} (${concept.pos}, ${member.count}) is in ${printable(concept.name)}  #${concept.id}\n`,
    );
    const lines = [
      ...(together.length > 0 ? ['   with', ...together.flatMap(whyLines)] : ['   alone']),
      ...(apart.length > 0 ? ['   apart from', ...apart.flatMap(whyLines)] : ['   no likely pair was judged']),
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
  }
}

/** Adds `concepts` with its questions, edits and export to the program. */
export function addConceptsCommand(program: Command, io: Io): void {
  const concepts = program
    .command('concepts')
    .description(
      'the distilled concepts: list them, show one, find its neighbours, ask why, edit, distil again, export, measure',
    )
    .addHelpText('after', helpText(AFTER));
  const question = (name: string, description: string): Command =>
    concepts
      .command(name)
      .description(description)
      .requiredOption('--run <folder>', 'a run made by strata train')
      .option('--json', 'print one JSON document')
      .addHelpText('after', helpText(AFTER));
  const limit = (count: number): Option =>
    new Option('--limit <n>', 'at most this many').argParser(wholeFrom(1)).default(count);
  question('list', 'clusters of two lemmas or more, the best first')
    .addOption(limit(50))
    .option('--all', 'single lemmas too, after the clusters')
    .action((options: { run: string; limit: number; all?: true; json?: true }) => list(options, io));
  question('show', 'the members of a concept, with the evidence for each pair')
    .argument('<concept>', 'its name, a member, or its id')
    .action((asked: string, options: { run: string; json?: true }) => show(asked, options, io));
  question('near', 'the nearest concepts by the cosine of their mean lemma vectors')
    .argument('<concept>', 'its name, a member, or its id')
    .addOption(limit(10))
    .action((asked: string, options: { run: string; limit: number; json?: true }) => near(asked, options, io));
  question('why', 'why a lemma is where it is: the evidence for its companions and against the others')
    .argument('<lemma>', 'NAME or NAME/POS')
    .option('--pos <tag>', 'its part of speech: NOUN, VERB, ADJ, ADV, ...')
    .action((lemma: string, options: { run: string; pos?: string; json?: true }) => why(lemma, options, io));
  addConceptsEvaluate(concepts, io);
  addEditCommands(question, io);
  addDistilCommand(question, io);
  addExportCommand(question, io);
}
