// What a person says of the concepts, from the command line to the next training: kept in a file, respected by distilling
// again, shown by `why`; and a trained level is never lost for it. The exported files hold what the commands say.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { conceptEditsPath, readConceptEdits } from '@strata/hierarchy';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
import { type ToyRun, toyRun } from './toy-run.js';

interface Member {
  readonly lemma: number;
  readonly name: string;
  readonly count: number;
}
interface Listed {
  readonly id: number;
  readonly name: string;
  readonly pos: string;
  readonly members: readonly Member[];
}

let toy: ToyRun;
let nouns: string[];
beforeAll(async () => {
  toy = await toyRun();
  const listed = await listOf(toy.folder);
  // Names that only one lemma bears, so that they need no part of speech.
  const all = listed.flatMap(({ pos, members }) => members.map(({ name }) => ({ name, pos })));
  nouns = all
    .filter(({ name, pos }) => pos === 'NOUN' && all.filter((other) => other.name === name).length === 1)
    .map(({ name }) => name);
});

async function listOf(run: string): Promise<readonly Listed[]> {
  const { listed } = (await strataJson('concepts', 'list', '--run', run, '--all', '--limit', '100000')) as {
    listed: readonly Listed[];
  };
  return listed;
}

/** A copy of the toy run, as it is or with its concepts and what stands on them given up. */
function copyOfRun(levels: 'all' | 'below'): string {
  const folder = join(scratchFolder(), 'toy');
  cpSync(toy.folder, folder, { recursive: true });
  if (levels === 'below')
    for (const level of ['concept', 'gestalt']) rmSync(join(folder, 'levels', level), { recursive: true });
  return folder;
}

const homeOf = (listed: readonly Listed[], name: string): Listed =>
  listed.find(({ pos, members }) => pos === 'NOUN' && members.some((member) => member.name === name))!;

describe('edits', () => {
  it('are kept, replaced by later ones, listed and taken back', async () => {
    const run = copyOfRun('all');
    const [one, two, three] = nouns as [string, string, string];
    const { out } = await strata(['concepts', 'merge', one, `${two}/NOUN`, '--run', run, '--note', 'because']);
    expect(out).toContain(`merge ${one}/NOUN, ${two}/NOUN (because): kept in ${conceptEditsPath(run)}, the only edit`);
    expect(out).toContain(`strata concepts distil --run ${run} --name NAME`);
    const parted = (await strataJson('concepts', 'forbid', two, one, '--run', run)) as {
      dropped: { note: string }[];
    };
    expect(parted.dropped).toMatchObject([{ kind: 'merge', note: 'because' }]);
    await strataJson('concepts', 'split', three, '--from', one, '--from', two, '--run', run);
    const listed = (await strata(['concepts', 'edits', '--run', run])).out;
    expect(listed).toContain(`1. forbid ${two}/NOUN, ${one}/NOUN`);
    expect(listed).toContain(`2. split ${three}/NOUN off from ${one}/NOUN, ${two}/NOUN`);
    expect(await strataJson('concepts', 'edits', '--run', run, '--remove', '1')).toMatchObject({
      edits: [{ kind: 'split' }],
      applied: 1,
    });
    expect(readConceptEdits(run)).toHaveLength(1);
    expect(await refusal(['concepts', 'edits', '--run', run, '--remove', '2'])).toContain('edit 2 asked for');
  });

  it('refuse what is not clear with the choices, and leave no file', async () => {
    const run = copyOfRun('all');
    const [one, two] = nouns as [string, string];
    const merge = (...names: string[]): Promise<string> => refusal(['concepts', 'merge', ...names, '--run', run]);
    expect(await merge(one, `${two}x`)).toContain(`Nearest: ${two}`);
    expect(await merge(one, `${two}/VERB`)).toContain(`Nearest: ${two}/NOUN`);
    expect(await merge(one)).toContain('takes two lemmas or more');
    expect(await merge(one, one)).toMatch(
      /this edit is not kept: .*\/NOUN found twice; an edit names each lemma once\. Name/,
    );
    expect(await merge(one, 'the')).toMatch(/which stays single|several lemmas/);
    const listed = await listOf(run);
    const verb = listed.find(({ pos }) => pos === 'VERB')!.members[0]!.name;
    expect(await merge(one, `${verb}/VERB`)).toContain('a concept holds one part of speech');
    const names = listed.flatMap(({ pos, members }) =>
      members.map(({ name }) => ({ name, pos })).filter((member) => /^(NOUN|VERB|ADJ|ADV)$/.test(member.pos)),
    );
    const twice = names.find(({ name }, index) => names.findIndex((other) => other.name === name) !== index);
    if (twice !== undefined) expect(await merge(one, twice.name)).toContain(`is several lemmas; say which: `);
    const single = listed.find(({ pos, members }) => pos === 'NOUN' && members.length === 1)!.members[0]!.name;
    expect(await refusal(['concepts', 'split', `${single}/NOUN`, '--run', run])).toContain('name with --from');
    expect(existsSync(conceptEditsPath(run))).toBe(false);
  });

  it('that were damaged by hand are refused with the file and the place', async () => {
    const run = copyOfRun('below');
    writeFileSync(
      conceptEditsPath(run),
      '{"format": "strata-concept-edits", "version": 1, "edits": [{"kind": "merge", "lemmas": []}]}',
    );
    for (const command of ['edits', 'distil']) {
      expect(await refusal(['concepts', command, '--run', run])).toContain(
        `${conceptEditsPath(run)}: at edits.0.lemmas`,
      );
    }
  });
});

describe("edits that would move a terminal's cursor", () => {
  const erase = '\u001b[2J';
  const written = (run: string, ...names: string[]): void => {
    const lemmas = names.map((name) => ({ name, pos: 'NOUN' }));
    const file = {
      format: 'strata-concept-edits',
      version: 1,
      edits: [{ kind: 'merge', lemmas, note: `${erase}\n` }],
    };
    writeFileSync(conceptEditsPath(run), JSON.stringify(file));
  };

  it('are shown as pictures where they are refused, and where they are noted', async () => {
    const run = copyOfRun('below');
    written(run, erase, erase);
    const refused = await refusal(['concepts', 'distil', '--run', run]);
    expect(refused).toContain('\u241b[2J/NOUN found twice');
    expect(refused).not.toContain('\u001b');
    written(run, erase, 'x');
    const { code, err } = await strata(['concepts', 'distil', '--run', run]);
    expect(code).toBe(0);
    expect(err).toContain('the vocabulary has no \u241b[2J/NOUN');
    expect(err).not.toContain('\u001b');
  });
});

describe('distilling again', () => {
  it('respects edits, shows who said so, and is what the next training trains on', async () => {
    const run = copyOfRun('below');
    const before = await listOf(toy.folder);
    const [one, two] = nouns.filter((name) => homeOf(before, name).members.length === 1) as [string, string];
    const distil = async (): Promise<readonly Listed[]> => {
      const distilled = (await strataJson('concepts', 'distil', '--run', run)) as { edits: number; next: string };
      expect(distilled.edits).toBe(1);
      expect(distilled.next).toContain('strata train concept --config ');
      return listOf(run);
    };
    const homes = (listed: readonly Listed[]): number =>
      new Set([one, two].map((name) => homeOf(listed, name).id)).size;
    expect((await strata(['concepts', 'merge', one, two, '--run', run, '--note', 'as I read'])).code).toBe(0);
    expect(homes(await distil())).toBe(1);
    expect((await strata(['concepts', 'why', one, '--run', run])).out).toContain('person accepts (1.000): as I read');
    expect((await strata(['concepts', 'forbid', one, two, '--run', run])).code).toBe(0);
    const after = await distil();
    expect(homes(after)).toBe(2);
    expect((await strata(['concepts', 'why', two, '--run', run])).out).toContain(
      'person refuses (-1.000): keeps them apart',
    );

    // The same again costs nothing and changes nothing; training takes what was distilled.
    const kept = contentsOf(run);
    await strataJson('concepts', 'distil', '--run', run);
    expect(contentsOf(run)).toEqual(kept);
    const trained = await strata(['train', 'concept', '--config', toy.configFile, '--runs', dirname(run)]);
    expect(trained.err).not.toContain('asking the base');
    expect(trained.code).toBe(0);
    expect(await listOf(run)).toEqual(after);
  });

  it('does not change the concepts under a training that was stopped', async () => {
    const run = copyOfRun('below');
    const train = ['train', 'concept', '--config', toy.configFile, '--runs', dirname(run)];
    const [one, two] = nouns as [string, string];
    expect((await strata(train, 'train concept')).code).toBe(130);
    await strata(['concepts', 'merge', one, two, '--run', run]);
    const before = contentsOf(join(run, 'levels'));
    expect(await refusal(['concepts', 'distil', '--run', run])).toContain('is training its concept level');
    expect(await refusal([...train, '--resume'])).toContain('holds a training on other concepts');
    expect(contentsOf(join(run, 'levels'))).toEqual(before);
    await strataJson('concepts', 'edits', '--run', run, '--remove', '1');
    expect((await strata([...train, '--resume'])).code).toBe(0);
  });

  it('leaves a trained level alone, and distils beside it', async () => {
    const run = copyOfRun('all');
    const [one, two] = nouns as [string, string];
    await strata(['concepts', 'merge', one, two, '--run', run]);
    const before = contentsOf(run);
    const message = await refusal(['concepts', 'distil', '--run', run]);
    expect(message).toContain('has a concept level trained');
    expect(message).toContain('--name NAME');
    const beside = ['concepts', 'distil', '--run', run, '--name', 'edited'];
    expect(await refusal([...beside, '--set', 'word.width=64'])).toContain('only keys of concept');
    expect(await refusal(['concepts', 'distil', '--run', run, '--name', 'toy'])).toContain('is the run itself');
    const { run: made } = (await strataJson(...beside, '--set', 'concept.distil.maximumSize=3')) as { run: string };
    expect(contentsOf(run)).toEqual(before);
    expect(homeOf(await listOf(made), one).id).toBe(homeOf(await listOf(made), two).id);
    expect(readConceptEdits(made)).toEqual(readConceptEdits(run));
    await strata(['concepts', 'forbid', one, two, '--run', made]);
    expect(await refusal(beside.concat('--set', 'concept.distil.maximumSize=3'))).toContain('holds other edits than');
  });
});

describe('export', () => {
  it('writes Parquet and JSON that say the same, each time the same bytes, and replaces nothing unasked', async () => {
    const folder = scratchFolder();
    const listed = await listOf(toy.folder);
    const positions = join(folder, 'places.json');
    writeFileSync(positions, JSON.stringify(listed.map((_, index) => [index / 2, -index])));
    const write = (name: string, ...more: string[]): Promise<unknown> =>
      strataJson(
        'concepts',
        'export',
        '--run',
        toy.folder,
        '--out',
        join(folder, name),
        '--positions',
        positions,
        ...more,
      );
    const parquet = (await write('c.parquet')) as { sha256: string; lemmas: number };
    expect(await write('c.parquet', '--force')).toEqual(parquet);
    await write('c.json');
    const bytes = readFileSync(join(folder, 'c.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    const json = JSON.parse(readFileSync(join(folder, 'c.json'), 'utf8')) as {
      width: number;
      concepts: (Listed & { vector: number[]; x: number; y: number; coherence: number; links: unknown[] })[];
    };
    expect(rows).toHaveLength(parquet.lemmas);
    expect(json.concepts).toHaveLength(listed.length);
    const fromJson = json.concepts.flatMap((concept) =>
      concept.members.map(({ lemma, name, count }) => ({
        id: lemma,
        lemma: name,
        part_of_speech: concept.pos,
        concept: concept.id,
        concept_name: concept.name,
        members: concept.members.length,
        count: BigInt(count),
        coherence: Math.fround(concept.coherence),
        text: expect.stringContaining(`${name} (${concept.pos})`) as string,
        vector: concept.vector.map(Math.fround),
        x: concept.x,
        y: concept.y,
      })),
    );
    expect(rows).toEqual(fromJson);
    expect(
      json.concepts.every(({ vector, x, y, id }) => vector.length === json.width && x === id / 2 && y === -id),
    ).toBe(true);
    for (const name of ['c.parquet', 'c.json'])
      expect(await refusal(['concepts', 'export', '--run', toy.folder, '--out', join(folder, name)])).toContain(
        '--force',
      );
    expect(await refusal(['concepts', 'export', '--run', toy.folder, '--out', join(folder, 'c.csv')])).toContain(
      '.parquet',
    );
  });

  it('does not replace a file of the run itself, even where it is told to replace', async () => {
    const own = join(toy.folder, 'run.json');
    const before = readFileSync(own);
    const message = await refusal(['concepts', 'export', '--run', toy.folder, '--out', own, '--force']);
    expect(message).toContain('is a file of the run');
    expect(readFileSync(own)).toEqual(before);
  });

  it.each([
    ['no array', '{}', 'neither an array nor a map of strata inspect'],
    ['too few', '[[0, 0]]', 'an array of 1'],
    ['no numbers', undefined, '["a",0] at place 0'],
  ])('refuses positions that are not one pair a concept: %s', async (_, text, found) => {
    const folder = scratchFolder();
    const positions = join(folder, 'places.json');
    writeFileSync(positions, text ?? JSON.stringify((await listOf(toy.folder)).map(() => ['a', 0])));
    const out = join(folder, 'c.parquet');
    expect(
      await refusal(['concepts', 'export', '--run', toy.folder, '--out', out, '--positions', positions]),
    ).toContain(found);
    expect(existsSync(out)).toBe(false);
  });
});
