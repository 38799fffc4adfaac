// A study from its file to its tables: what a person who wants to believe its figures would check.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseStudy, type Report, type StudyResult } from '@strata/compare';
import { ConfigError } from '@strata/hierarchy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, strata, strataJson } from './cli-harness.js';
import { toyRun } from './toy-run.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-study-'));
const file = join(folder, 'toy.yaml');
const runs = join(folder, 'runs');
let result: StudyResult;

const SHORT = ['subword', 'word', 'concept', 'gestalt', 'flat'].map((stage) => `${stage}.training.bytes=10000`);

function studyText(more: string): string {
  return `name: toy
question: Which is better?
prediction: One of them.
config: config.yaml
set: ${JSON.stringify([...SHORT, 'evaluation.testBytes=1500', 'evaluation.validationBytes=1500', 'top=word', 'controls=[flat-params, blocks]'])}
seeds: [3, 4]
${more}`;
}

beforeAll(async () => {
  const toy = await toyRun();
  writeFileSync(join(folder, 'config.yaml'), readFileSync(toy.configFile));
  writeFileSync(
    file,
    studyText(`sweeps: [{ stage: flat-params, key: flat.vocabularySize, values: [300, 400] }]
variants: { small: ['word.width=16', 'word.headCount=2'] }
scales: [0.5, 1]
`),
  );
  result = (await strataJson('study', file, '--runs', runs)) as StudyResult;
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (cell: string, ...path: string[]): string =>
  readFileSync(join(runs, 'study-toy', cell, ...path, 'manifest.json'), 'utf8');

describe('strata study', () => {
  it('goes on with the value that is best on validation text', () => {
    const [{ points, best }] = result.sweeps as [StudyResult['sweeps'][number]];
    expect(points.map(({ value }) => value)).toEqual([300, 400]);
    expect(points[best]!.validation).toBe(Math.min(...points.map(({ validation }) => validation)));
    expect(result.found).toEqual([`flat.vocabularySize=${points[best]!.value}`]);
    const config = readFileSync(join(runs, 'study-toy', 's4', 'config.yaml'), 'utf8');
    expect(config).toContain(`vocabularySize: ${points[best]!.value}\n`);
  });

  it('has every model with every seed, variants under names of their own', () => {
    const { models } = result.report;
    expect(models.map(({ name }) => name)).toEqual([
      'strata',
      'subword',
      'flat-params',
      'blocks',
      'strata, small',
      'flat-params, small',
      'blocks, small',
    ]);
    for (const { seeds } of models) expect(seeds!.map(({ seed }) => seed)).toEqual([3, 4]);
    const [one, other] = models[0]!.seeds!;
    expect(one!.test).not.toBe(other!.test);
  });

  it('trains what cells have in common once, and nothing in common otherwise', () => {
    expect(manifest('s3', 'levels', 'word')).toBe(manifest('vocabularySize-300-flat-params', 'levels', 'word'));
    expect(manifest('s3', 'levels', 'subword')).toBe(manifest('small-s3', 'levels', 'subword'));
    expect(manifest('s3', 'levels', 'word')).not.toBe(manifest('small-s3', 'levels', 'word'));
    expect(manifest('s3', 'levels', 'subword')).not.toBe(manifest('s4', 'levels', 'subword'));
    expect(manifest('s3', 'levels', 'subword')).not.toBe(manifest('x0.5', 'levels', 'subword'));
  });

  it('says how much more the flat model needs only as far as it was trained', () => {
    expect(result.scales.map(({ scale }) => scale)).toEqual([0.5, 1]);
    expect(result.needs.map(({ scale }) => scale)).toEqual([0.5, 1]);
    const [need] = result.needs;
    expect(need!.name).toBe('flat-params');
    expect(['exact', 'atLeast', 'atMost']).toContain(need!.bytes.bound);
    const given = result.scales.map(({ models }) => models.find(({ name }) => name === 'flat-params')!.bytesSeen);
    expect(given[0]! / given[1]!).toBeCloseTo(0.5, 1);
  });

  it('leaves all that is done as it is when it is asked again', async () => {
    const before = manifest('x0.5', 'controls', 'flat-params');
    const again = (await strataJson('study', file, '--runs', runs)) as StudyResult;
    expect(again).toEqual(result);
    expect(manifest('x0.5', 'controls', 'flat-params')).toBe(before);
  });

  it('prints tables for people, and writes them for a README', async () => {
    const { out } = await strata(['study', file, '--runs', runs]);
    expect(out).toContain('Predicted: One of them.');
    expect(out).toMatch(/mean of the seeds 3, 4/);
    expect(out).toContain('flat-params needs');
    expect(readFileSync(join(runs, 'study-toy', 'study.md'), 'utf8')).toMatch(/^\| strata \|/m);
  });

  it('keeps the share of the text that a budget gave it', async () => {
    const small = join(folder, 'budget.yaml');
    writeFileSync(small, studyText('').replace('name: toy', 'name: budget'));
    type Dry = { share: number; planned: { stage: string; flops: number; trainBytes: number }[] };
    const dryRun = async (...more: string[]): Promise<Dry> =>
      (await strataJson('study', small, '--runs', runs, '--dry-run', ...more)) as Dry;
    const flopsOf = ({ planned }: Dry): number => planned.reduce((sum, { flops }) => sum + flops, 0);
    const dry = await dryRun();
    const half = flopsOf(dry) / 2;
    // A dry run shows what the budget leaves, and begins nothing.
    const fitted = await dryRun('--flops', String(half));
    expect(dry.share).toBe(1);
    expect(fitted.share).toBe(0.5);
    expect(flopsOf(fitted) / half).toBeCloseTo(1, 0);
    expect(existsSync(join(runs, 'study-budget'))).toBe(false);
    const halved = (await strataJson('study', small, '--runs', runs, '--flops', String(half))) as StudyResult;
    const [ladder, whole] = [halved, result].map(({ report }) => report.levels[0]!.bytesSeen);
    expect(ladder! / whole!).toBeGreaterThan(0.35);
    expect(ladder! / whole!).toBeLessThan(0.65);
    const planned = fitted.planned.find(({ stage }) => stage === 'word')!.trainBytes;
    const trained = halved.report.levels.find(({ name }) => name === 'word')!.bytesSeen;
    expect(Math.abs(trained / planned - 1)).toBeLessThan(0.25);
    const { out } = await strata(['study', small, '--runs', runs, '--flops', String(half), '--dry-run']);
    expect(out).toContain('leaves every training 0.5 of its text');
    for (const more of [[], ['--dry-run']])
      expect(await refusal(['study', small, '--runs', runs, ...more])).toContain('was begun with the budget');
  });
});

describe('a sweep whose training diverges', () => {
  // With this decay a rate of 1 multiplies each weight by -99 at every step.
  const lost = (values: string): string => {
    const path = join(folder, 'lost.yaml');
    const group = JSON.stringify([{ match: '*', learningRate: 100, weightDecay: 1 }]);
    const more = ['controls=[flat-params]', 'flat.training.bytes=40000', `flat.training.groups=${group}`];
    const text = studyText(`sweeps: [{ stage: flat-params, key: flat.training.learningRate, values: ${values} }]\n`);
    const { set } = parseStudy(text, path);
    writeFileSync(
      path,
      text
        .replace('name: toy', 'name: lost')
        .replace('seeds: [3, 4]', 'seeds: [3]')
        .replace(/^set: .*$/m, () => `set: ${JSON.stringify([...set, ...more])}`),
    );
    return path;
  };
  const cellFile = (cell: string, ...path: string[]): string =>
    readFileSync(join(runs, 'study-lost', cell, ...path), 'utf8');

  it('loses that value and goes on with the others', async () => {
    const path = lost('[1, 0.0001]');
    const found = (await strataJson('study', path, '--runs', runs)) as StudyResult;
    const [{ points, best }] = found.sweeps as [StudyResult['sweeps'][number]];
    expect(points[0]).toMatchObject({ value: 1, validation: null });
    expect(points[0]!.diverged).toMatch(/^flat-params: .* at step \d+$/);
    expect(best).toBe(1);
    expect(found.found).toEqual(['flat.training.learningRate=0.0001']);
    expect(readFileSync(join(runs, 'study-lost', 'study.md'), 'utf8')).toMatch(/validation \| diverged \| \d/);
    // The levels that it had trained before are not trained once more.
    const word = ['levels', 'word', 'manifest.json'];
    expect(cellFile('learningRate-0.0001-flat-params', ...word)).toBe(cellFile('learningRate-1-flat-params', ...word));
    const metrics = cellFile('learningRate-1-flat-params', 'metrics.jsonl');
    expect(await strataJson('study', path, '--runs', runs)).toEqual(found);
    expect(cellFile('learningRate-1-flat-params', 'metrics.jsonl')).toBe(metrics);
  }, 120_000);

  it('ends the study where no value is left', async () => {
    const { code, err } = await strata(['study', lost('[1, 0.9]'), '--runs', runs]);
    expect(code).toBe(2);
    expect(err).toContain('cell learningRate-0.9-flat-params is lost');
    expect(err).toContain('flat.training.learningRate, flat-params: the training of every value diverged');
    expect(err).toMatch(/ {2}0\.9: flat-params: .* at step \d+\n/);
  }, 120_000);
});

describe('strata compare of several runs', () => {
  const cell = (name: string): string => join(runs, 'study-toy', name);

  it('is the report of their seeds, and the same one that the study has', async () => {
    const out = join(folder, 'seeds');
    const report = (await strataJson('compare', '--run', cell('s3'), '--run', cell('s4'), '--out', out)) as Report;
    const ladder = result.report.models[0]!;
    expect(report.models[0]!.seeds).toEqual(ladder.seeds);
    expect(report.notes.join(' ')).not.toContain('One seed');
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toEqual(report);
  });

  it('refuses what is not one thing under several seeds', async () => {
    expect(await refusal(['compare', '--run', cell('s3'), '--run', cell('small-s3')])).toContain('differ in word');
    expect(await refusal(['compare', '--run', cell('s3'), '--run', cell('s3')])).toContain('one seed twice');
  });

  it('asks probes where told, and keeps their answers with the report', async () => {
    const asked = (await strataJson('compare', '--run', cell('s3'), '--probe', 'buckets,typos')) as Report;
    expect(asked.probes).toEqual(['buckets', 'typos']);
    expect(asked.buckets!.models.map(({ model }) => model)).toContain('blocks');
    expect(asked.measures!.map(({ name }) => name)).toContain('typos: bits per byte');
  });
});

describe('a record of a study', () => {
  const cell = (name: string): string => join(runs, 'study-toy', name);
  const request = (slug: string, ...cells: string[]): string[] => [
    ...['record', '--study', file, '--out', join(folder, 'experiments'), '--slug', slug, '--prediction-after'],
    ...cells.flatMap((name) => ['--run', cell(name)]),
  ];

  beforeAll(() => {
    writeFileSync(join(folder, '.gitignore'), 'runs/\nexperiments/\nseeds/\n');
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
      ['commit', '--quiet', '--message', 'the study'],
    ])
      execFileSync('git', [...identity, ...args], { cwd: folder, env });
  });

  it('has its tables though more was asked of its runs since', async () => {
    await strataJson('compare', '--run', cell('s4'), '--probe', 'typos');
    // A run of a sweep has no report before it is compared.
    const swept = 'vocabularySize-300-flat-params';
    await strataJson('compare', '--run', cell(swept));
    const made = (await strataJson(...request('probed', 's3', 's4', swept))) as { files: string[]; record: string };
    expect(made.files).toContain('study.json');
    const sealed = JSON.parse(readFileSync(join(folder, made.record, 'study.json'), 'utf8'));
    expect(sealed.report).toEqual(result.report);
    expect(Object.keys(sealed.reports)).toEqual(['s3', 's4', 'small-s3', 'small-s4', 'x0.5']);
  }, 120_000);

  it('is refused where a report has other figures than the tables, whatever its date', async () => {
    const path = join(cell('s4'), 'report.json');
    const whole = readFileSync(path, 'utf8');
    const { atime, mtime } = statSync(path);
    const changed = JSON.parse(whole);
    changed.levels[0].trainFlops += 1;
    writeFileSync(path, JSON.stringify(changed));
    utimesSync(path, atime, mtime);
    const message = await refusal(request('changed', 's3', 's4'));
    expect(message).toContain('its part levels is not what');
    expect(message).toContain(`strata study ${file} --runs ${runs}`);
    writeFileSync(path, whole);
  });
});

describe('a study that cannot be carried out', () => {
  it.each([
    ['prediction: One of them.', '', 'prediction'],
    ['seeds: [3, 4]', 'seeds: [3, 3]', 'one twice'],
    ['name: toy', 'name: ../toy', 'name'],
    ['question: Which is better?', 'question: ""', 'question'],
    ['seeds: [3, 4]', 'seed: [3]', 'seed'],
  ])('%s -> %s is refused with %s in the message', (from, to, said) => {
    const parse = () => parseStudy(studyText('').replace(from, to), 'toy.yaml');
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(said);
  });

  it.each(['nowhere.yaml', '.'])(
    'names its own key where its configuration is %j, not an option that it has not',
    async (place) => {
      const wrong = join(folder, 'astray.yaml');
      writeFileSync(wrong, studyText('').replace(/^config: .*$/m, `config: ${JSON.stringify(place)}`));
      const message = await refusal(['study', wrong, '--runs', runs, '--dry-run']);
      expect(message).toContain(`${wrong}: config: found ${JSON.stringify(place)}`);
      expect(message).toContain(join(folder, place));
      expect(message).not.toContain('--config');
    },
  );

  it('is named where its own file is not there', async () => {
    const message = await refusal(['study', join(folder, 'none.yaml'), '--dry-run']);
    expect(message).toContain('none.yaml cannot be read (ENOENT)');
    expect(message).not.toContain('--config');
  });

  it('names a sweep of a key that no configuration has', async () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, studyText('sweeps: [{ stage: flat-params, key: flat.vocabulary, values: [300] }]\n'));
    expect(await refusal(['study', wrong, '--runs', runs, '--dry-run'])).toContain('vocabularySize');
  });
});
