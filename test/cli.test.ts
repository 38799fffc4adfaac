// What a user of the strata command is promised: each command's result, --json as one document, Ctrl-C without loss.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseReport } from '@strata/compare';
import { loadSubword, Run, readConfig } from '@strata/hierarchy';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
import { type ToyRun, toyRun } from './toy-run.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const config = (name: string): string => join(root, 'configs', `${name}.yaml`);

let toy: ToyRun;
beforeAll(async () => {
  toy = await toyRun();
});

/** A copy of the toy run that a test may change. */
function copyOfRun(): string {
  const folder = join(scratchFolder(), 'toy');
  cpSync(toy.folder, folder, { recursive: true });
  return folder;
}

describe('help', () => {
  it.each([['train'], ['generate'], ['concepts'], ['score'], ['compare'], ['demo']])(
    '%s --help shows examples and exits with 0',
    async (command) => {
      const { code, out } = await strata([command, '--help']);
      expect(code).toBe(0);
      expect(out).toContain('Examples:');
      expect(out).toContain(`strata ${command}`);
    },
  );

  it('names the nearest command and option', async () => {
    expect(await refusal(['trian'])).toContain('Did you mean train?');
    expect(await refusal(['score', '--rnu', 'x', '--run', 'x', 'file'])).toContain('Did you mean --run?');
  });

  it('tells the version of the package', async () => {
    const { code, out } = await strata(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

interface Plan {
  readonly ladderParameters: number;
  readonly ladderFlops: number;
  readonly controls: readonly { readonly name: string; readonly parameters: number; readonly trainBytes: number }[];
  readonly stages: readonly {
    readonly stage: string;
    readonly parameters: number;
    readonly groups: readonly { readonly group: string; readonly parameters: number }[];
    readonly flopsPerByte: number;
    readonly seconds: number;
  }[];
}

describe('train --dry-run', () => {
  it.each(['toy', 'demo', 'small', 'base'])('plans %s and writes nothing', async (name) => {
    const runs = join(scratchFolder(), 'runs');
    const plan = (await strataJson('train', 'all', '--config', config(name), '--runs', runs, '--dry-run')) as Plan;
    expect(existsSync(runs)).toBe(false);
    const { controls } = readConfig(config(name));
    expect(plan.stages.map(({ stage }) => stage)).toEqual(['subword', 'word', 'concept', 'gestalt', ...controls]);
    for (const stage of plan.stages) {
      expect(stage.groups.reduce((sum, group) => sum + group.parameters, 0)).toBe(stage.parameters);
      expect(stage.groups.map(({ group }) => group)).not.toContain('other');
      expect(stage.flopsPerByte).toBeGreaterThan(0);
      expect(stage.seconds).toBeGreaterThan(0);
    }
    // A baseline is matched when it is as large as what it is compared with.
    if (name === 'toy') return;
    const flat = plan.controls.find((control) => control.name === 'flat-params')!;
    expect(flat.parameters / plan.ladderParameters).toBeCloseTo(1, 1);
    // Unless a configuration says otherwise, it reads no less than any level and is given no fewer FLOPs than all together.
    const { flopsPerByte } = plan.stages.find(({ stage }) => stage === 'flat-params')!;
    expect((flopsPerByte * flat.trainBytes) / plan.ladderFlops).toBeGreaterThan(0.99);
  });

  it('counts the base as it is then trained', async () => {
    const plan = (await strataJson('train', 'subword', '--config', toy.configFile, '--dry-run')) as Plan;
    expect(plan.stages[0]!.parameters).toBe(loadSubword(Run.open(toy.folder), 'subword').values.flat.length);
  });

  it('prints tables for a person', async () => {
    const { code, out } = await strata(['train', 'all', '--config', toy.configFile, '--dry-run']);
    expect(code).toBe(0);
    for (const word of ['parameters', 'attention', 'feed-forward', 'embeddings', 'a byte', 'memory', 'time'])
      expect(out).toContain(word);
  });
});

describe('train --dry-run below the gestalt', () => {
  it.each([
    ['word', /concept|gestalt|distil/],
    ['concept', /gestalt/],
  ])('speaks of no level above %s', async (top, above) => {
    const { out } = await strata(['train', 'all', '--config', toy.configFile, '--dry-run', '--set', `top=${top}`]);
    expect(out).toMatch(/^ {2}parameters +subword +word/m);
    expect(out).not.toMatch(above);
  });
});

describe('train', () => {
  it('leaves what is trained as it is, and says how to train it again', async () => {
    const before = contentsOf(toy.folder);
    const { code, out, err } = await strata([
      'train',
      'all',
      '--config',
      toy.configFile,
      '--runs',
      dirname(toy.folder),
    ]);
    expect(code).toBe(0);
    expect(err).toContain('word is trained already; delete ');
    expect(out).toContain('gestalt: was trained already');
    expect(contentsOf(toy.folder)).toEqual(before);
  });

  it('names the command that is missing before a level', async () => {
    const runs = join(scratchFolder(), 'runs');
    const message = await refusal(['train', 'concept', '--config', toy.configFile, '--runs', runs]);
    expect(message).toContain(`Run first: strata train subword --config ${toy.configFile} --runs ${runs}`);
    expect(existsSync(runs)).toBe(false);
  });

  it('stops at Ctrl-C with a checkpoint, and resumes to the very same weights', async () => {
    const runs = scratchFolder();
    const command = ['train', 'subword', '--config', toy.configFile, '--runs', runs];
    const stopped = await strata(command, 'train subword');
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain(`To go on: strata ${command.join(' ')} --resume`);
    const folder = join(runs, toy.config.name, 'levels', 'subword');
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
    const before = contentsOf(runs);

    const unasked = await refusal(command);
    expect(unasked).toContain('--resume');
    expect(unasked).toContain('delete');
    expect(contentsOf(runs)).toEqual(before);

    const outcome = (await strataJson(...command, '--resume')) as { stages: { state: string }[] };
    expect(outcome.stages[0]!.state).toBe('trained');
    const model = (run: string): Buffer => readFileSync(join(run, 'levels', 'subword', 'model.safetensors'));
    expect(model(join(runs, toy.config.name)).equals(model(toy.folder))).toBe(true);
  });
});

interface GeneratedJson {
  readonly from: string;
  readonly text: string;
  readonly trace: readonly { readonly text: string }[];
}

describe('generate', () => {
  it.each(['gestalt', 'concept', 'word', 'subword'])('from %s: the same seed gives the same text', async (from) => {
    const command = ['generate', '--run', toy.folder, '--prompt', 'Once upon', '--from', from, '--max-units', '6'];
    const first = (await strataJson(...command, '--seed', '3')) as GeneratedJson;
    const again = await strata([...command, '--seed', '3']);
    expect(first.from).toBe(from);
    expect(again.code).toBe(0);
    expect(again.out).toBe(`Once upon${first.text}\n`);
    expect(first.trace.length).toBeLessThanOrEqual(6);
  });

  it('starts at the highest trained level unless told, and skips the level it is told to', async () => {
    const command = ['generate', '--run', toy.folder, '--prompt', 'Once', '--max-units', '2'];
    expect(((await strataJson(...command)) as GeneratedJson).from).toBe('gestalt');
    expect((await strata([...command, '--skip', 'concept'])).code).toBe(0);
    const lower = copyOfRun();
    rmSync(join(lower, 'levels', 'gestalt'), { recursive: true });
    expect(((await strataJson(...command.with(2, lower))) as GeneratedJson).from).toBe('concept');
    expect(await refusal([...command.with(2, lower), '--from', 'gestalt'])).toContain('strata train gestalt');
  });

  it('writes the trace where it is told', async () => {
    const trace = join(scratchFolder(), 'trace.json');
    const command = ['generate', '--run', toy.folder, '--prompt', 'Once', '--max-units', '3', '--trace', trace];
    const { code, out } = await strata(command);
    expect(code).toBe(0);
    const written = JSON.parse(readFileSync(trace, 'utf8')) as GeneratedJson;
    expect(out).toBe(`Once${written.text}\n`);
    expect(written.trace.map((step) => step.text).join('')).toBe(written.text);
    expect(await refusal(command.with(-1, join(trace, 'missing', 'trace.json')))).toContain('--trace');
  });

  it('continues emoji and broken UTF-8, and gives back the very bytes of the prompt', async () => {
    const prompt = join(scratchFolder(), 'prompt.bin');
    const bytes = Buffer.concat([Buffer.from('👩‍👩‍👧 🎈'), Uint8Array.of(0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80)]);
    writeFileSync(prompt, bytes);
    for (const from of ['gestalt', 'subword']) {
      const command = ['generate', '--run', toy.folder, '--prompt-file', prompt, '--from', from, '--max-units', '3'];
      const { code, outBytes } = await strata(command);
      expect(code).toBe(0);
      expect(Buffer.from(outBytes.subarray(0, bytes.length)).equals(bytes)).toBe(true);
    }
    expect((await strata(['generate', '--run', toy.folder, '--prompt', '🎈\ud800', '--max-units', '2'])).code).toBe(0);
  });
});

describe('concepts', () => {
  const lemmaOf = async (): Promise<string> => {
    const { listed } = (await strataJson('concepts', 'list', '--run', toy.folder, '--all')) as {
      listed: { pos: string; members: { name: string }[] }[];
    };
    return listed.find(({ pos }) => pos === 'NOUN')!.members[0]!.name;
  };

  it('lists, shows, finds neighbours and says why', async () => {
    const lemma = await lemmaOf();
    for (const question of ['show', 'near', 'why']) {
      const { code, out } = await strata(['concepts', question, lemma, '--run', toy.folder]);
      expect(code).toBe(0);
      expect(out).toContain(lemma);
    }
    const [answer] = (await strataJson('concepts', 'near', lemma, '--run', toy.folder, '--limit', '4')) as {
      near: { cosine: number }[];
    }[];
    const cosines = answer!.near.map(({ cosine }) => cosine);
    expect(cosines).toHaveLength(4);
    expect(cosines).toEqual(cosines.toSorted((a, b) => b - a));
    expect((await strata(['concepts', 'list', '--run', toy.folder])).out).toMatch(/\d+ lemmas in \d+ concepts/);
  });

  it('knows a lemma as edits write it, and a concept as lists number it', async () => {
    const lemma = await lemmaOf();
    for (const question of ['show', 'near', 'why']) {
      const { code, out } = await strata(['concepts', question, `${lemma}/NOUN`, '--run', toy.folder]);
      expect(code).toBe(0);
      expect(out).toContain(lemma);
      expect(await refusal(['concepts', question, `${lemma}/FUNCTION`, '--run', toy.folder])).toContain('Nearest: ');
    }
    expect(await strataJson('concepts', 'show', '#9', '--run', toy.folder)).toMatchObject([{ id: 9 }]);
  });

  it('refuses an unknown one with the nearest names', async () => {
    const lemma = await lemmaOf();
    for (const question of ['show', 'near', 'why'])
      expect(await refusal(['concepts', question, `${lemma}x`, '--run', toy.folder])).toContain(`Nearest: ${lemma}`);
  });
});

interface Scores {
  readonly files: readonly { readonly ledger: { readonly total: number; readonly bytes: number } }[];
  readonly total: { readonly total: number; readonly bytes: number; readonly parts: Record<string, number> };
}

describe('score', () => {
  const texts = (): string[] => {
    const folder = scratchFolder();
    const files = {
      'plain.txt': 'The bear went home, and was glad.\n',
      'odd.bin': Uint8Array.of(0xff, 0x20, 0xc3, 0x28),
    };
    return Object.entries(files).map(([name, contents]) => {
      writeFileSync(join(folder, name), contents);
      return join(folder, name);
    });
  };

  it.each(['strata', 'concept', 'word', 'subword', 'flat-params'])(
    '%s: parts add up, every byte is counted',
    async (model) => {
      const files = texts();
      const { files: each, total } = (await strataJson(
        'score',
        '--run',
        toy.folder,
        '--model',
        model,
        ...files,
      )) as Scores;
      expect(each.map(({ ledger }) => ledger.bytes)).toEqual([34, 4]);
      expect(total.bytes).toBe(38);
      expect(Object.values(total.parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total.total, 9);
      const bits = each.reduce((sum, { ledger }) => sum + ledger.total * ledger.bytes, 0);
      expect(total.total * total.bytes).toBeCloseTo(bits, 6);
    },
  );

  it('prints a table with the files and their total', async () => {
    const files = texts();
    const { code, out } = await strata(['score', '--run', toy.folder, ...files]);
    expect(code).toBe(0);
    for (const text of [...files, 'spelling', 'total', 'all']) expect(out).toContain(text);
  });

  it('refuses a file that is missing and one that is empty', async () => {
    const [file] = texts();
    const empty = join(scratchFolder(), 'empty.txt');
    writeFileSync(empty, '');
    expect(await refusal(['score', '--run', toy.folder, file!, `${file}.missing`])).toContain('no such file');
    expect(await refusal(['score', '--run', toy.folder, file!, empty])).toContain('is empty');
  });
});

describe('compare and demo', () => {
  it('write a report, show all that it promises, and do nothing twice', async () => {
    const run = copyOfRun();
    const printed = parseReport(await strataJson('compare', '--run', run));
    expect(parseReport(JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')))).toEqual(printed);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('<html');
    const written = contentsOf(run);
    const { code, out } = await strata(['demo', '--config', toy.configFile, '--runs', dirname(run)]);
    expect(code).toBe(0);
    for (const text of ['The ladder', 'Bits per byte', 'from gestalt', 'from concept', 'from word', 'from subword'])
      expect(out).toContain(text);
    for (const text of ['How it was chosen', 'oncepts', 'report.html']) expect(out).toContain(text);
    expect(contentsOf(run)).toEqual(written);
  });
});

describe('the built command', () => {
  const built = (...argv: string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts', 'strata.mjs'), ...argv], { encoding: 'utf8' });

  it('keeps results and messages apart, and the exit code', () => {
    const listed = built('concepts', 'list', '--run', toy.folder, '--json');
    expect(listed.status).toBe(0);
    expect(JSON.parse(listed.stdout)).toHaveProperty('concepts');
    const unknown = built('concepts', 'why', 'zzzzzz', '--run', toy.folder);
    expect(unknown.status).toBe(2);
    expect(unknown.stdout).toBe('');
    expect(unknown.stderr).toContain('strata: no concept or lemma is called "zzzzzz"');
  });
});
