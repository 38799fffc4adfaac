// The promises of `strata record`, in a git repository of its own with a tiny trained run: a record is made only of what is
// committed, says whether its prediction came first, is never written over, can be checked, and names no place of this machine.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { measureRun, parseReport, writeReport } from '@strata/compare';
import { type Config, checkConfig, Run } from '@strata/hierarchy';
import { type JsonObject, readManifest, writeManifest } from '@strata/store';
import { loadCorpus } from '@strata/text';
import { STAGES, silentProgress } from '@strata/train';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
import { smallConfig, smallCorpus } from './small-run.js';

const STUDY = `name: words-or-pieces
config: config.yaml
question: Does a word level of the least size beat flat?
prediction: It does not, at this size.
`;

interface RecordAnswer {
  readonly record: string;
  readonly seal: string;
  readonly commit: string;
  readonly trainedAt: readonly string[];
  readonly files: readonly string[];
  readonly predictionBeforehand: boolean;
  readonly notBeforehand: readonly string[];
  readonly log: string;
}

const root = scratchFolder();
const study = join(root, 'study.yaml');
const tiny = join(root, 'runs', 'tiny');
const out = join(root, 'experiments');

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', env }).trim();
}

function commitAll(message: string): string {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
  return git('rev-parse', 'HEAD');
}

/** The arguments of a record of the tiny run. */
const request = (slug: string, ...more: string[]): string[] => [
  ...['record', '--study', study, '--run', tiny, '--out', out, '--slug', slug],
  ...more,
];

/** Trains on a corpus that is a folder given by its absolute path, at the checked-out commit. */
async function trainTiny(folder: string, corpusFolder: string, commit: string): Promise<void> {
  const config: Config = checkConfig(
    { ...smallConfig(), name: 'tiny', top: 'word', corpus: { folder: corpusFolder } },
    'the tiny configuration',
  );
  const run = Run.prepare(folder, config);
  const corpus = loadCorpus({ folder: corpusFolder });
  for (const stage of ['subword', 'word'] as const)
    await STAGES[stage]({ run, corpus, commit, note: () => {}, progress: () => silentProgress });
  writeReport(run, await measureRun(run, corpus));
}

let first = '';
let trained = '';

beforeAll(async () => {
  const corpus = join(scratchFolder(), 'pages');
  const { train, validation, test } = smallCorpus();
  for (const [split, documents] of Object.entries({ train, validation, test })) {
    mkdirSync(join(corpus, split), { recursive: true });
    for (const [at, { text }] of [...documents].entries()) writeFileSync(join(corpus, split, `${at}.txt`), text);
  }
  git('init', '--quiet');
  writeFileSync(join(root, '.gitignore'), 'runs/\n');
  first = commitAll('before the study');
  writeFileSync(study, STUDY);
  trained = commitAll('the study');
  await trainTiny(tiny, corpus, trained);
});

afterEach(() => {
  rmSync(out, { recursive: true, force: true });
  git('reset', '--quiet', '--hard', trained);
  git('clean', '--quiet', '-d', '--force');
});

const made = async (slug: string, ...more: string[]): Promise<{ answer: RecordAnswer; folder: string }> => {
  const answer = (await strataJson(...request(slug, ...more))) as RecordAnswer;
  return { answer, folder: join(root, answer.record) };
};

/** Puts another commit into a stage's manifest, sealed as training seals it and no newer than before. */
function restate(folder: string, commit: string | undefined): void {
  const path = join(folder, 'manifest.json');
  const kind = { format: 'strata-level', version: 1 };
  const { atime, mtime } = statSync(path);
  const { files, extra } = readManifest(path, kind, 'look');
  const { commit: _, ...rest } = extra as JsonObject;
  writeManifest(path, kind, files, { ...rest, ...(commit !== undefined && { commit }) });
  utimesSync(path, atime, mtime);
}

/** The text of every file of a record, by name. */
function textsOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')];
    }),
  );
}

describe('a record', () => {
  it('holds question, prediction, commands, results and hashes, and git sees nothing else changed', async () => {
    const { answer, folder } = await made('tiny');
    expect(answer.record).toMatch(/^experiments\/\d{4}-\d\d-\d\d_tiny$/);
    expect(answer).toMatchObject({ commit: trained, trainedAt: [trained], predictionBeforehand: true });
    expect(readdirSync(folder).sort()).toEqual([...answer.files].sort());
    expect(readdirSync(out)).toHaveLength(1);
    const texts = textsOf(folder);
    expect(texts['study.yaml']).toBe(STUDY);
    expect(texts['tiny.metrics.jsonl']).toBe(readFileSync(join(tiny, 'metrics.jsonl'), 'utf8'));
    const report = parseReport(JSON.parse(texts['tiny.report.json']!));
    expect(report).toEqual(JSON.parse(readFileSync(join(tiny, 'report.json'), 'utf8')));
    const readme = texts['README.md']!;
    for (const part of [
      '# words-or-pieces\n',
      'Does a word level of the least size beat flat?',
      'It does not, at this size.',
      'Made beforehand',
      `at commit ${trained}; seed 1`,
      `strata record --study study.yaml --run runs/tiny --slug tiny\n`,
      `strata train all --config ${answer.record}/tiny.config.yaml\n`,
      'strata compare --run runs/tiny\n',
      '| **total** |',
      '## Verdict\n\nStill to be written.\n',
    ])
      expect(readme).toContain(part);
    const { extra, files } = JSON.parse(texts['hashes.json']!);
    expect(Object.keys(files).sort()).toEqual(answer.files.filter((name) => name !== 'hashes.json').sort());
    const manifest = JSON.parse(readFileSync(join(tiny, 'levels', 'word', 'manifest.json'), 'utf8'));
    expect(extra.runs.tiny).toMatchObject({ corpus: report.corpus.hash, config: Run.open(tiny).configHash });
    expect(extra.runs.tiny.levels.word.weights).toBe(manifest.files['model.safetensors'].sha256);
    const environment = JSON.parse(texts['environment.json']!);
    expect(environment).toMatchObject({ node: process.versions.node, engines: { tiny: { threads: 2 } } });
    expect(environment.dependencies['onnxruntime-node']).toMatch(/^\d+\.\d+\.\d+/);
    expect(answer.log).toMatch(/^- \d{4}-\d\d-\d\d \*\*open\*\* words-or-pieces\. .* bits per byte.*README\.md\)\)$/);
  });

  it('names no place of this machine and no user', async () => {
    const verdict = join(scratchFolder(), 'verdict.md');
    writeFileSync(verdict, `Nothing to see; the weights are in ${tiny}.\n`);
    const { answer, folder } = await made('places', '--verdict', verdict);
    const texts = textsOf(folder);
    const project = fileURLToPath(new URL('..', import.meta.url));
    const { username } = userInfo();
    for (const [name, text] of Object.entries({ ...texts, answer: JSON.stringify(answer) })) {
      for (const place of [root, tmpdir(), homedir(), project])
        expect(text.includes(`${place.replace(/\/$/, '')}/`), `${name} names ${place}`).toBe(false);
      if (!name.endsWith('report.json') && username.length > 4) expect(text).not.toContain(username);
      // What the corpus says in a sample is its own.
      if (!name.endsWith('report.json')) expect(text).not.toMatch(/(?:^|[\s"'`(=])\/\w/);
    }
    expect(texts['README.md']).toContain('## Verdict\n\nNothing to see; the weights are in runs/tiny.\n');
    expect(texts['tiny.config.yaml']).toContain('folder: elsewhere/pages\n');
    expect(texts['README.md']).toContain('elsewhere/pages here, lies outside the project');
    // The recorded configuration is one that can be trained.
    expect((await strata(['train', 'all', '--config', join(folder, 'tiny.config.yaml'), '--dry-run'])).err).not.toMatch(
      /not a configuration/,
    );
  });

  it('compresses metrics over a megabyte and is found the same again', async () => {
    const metrics = join(tiny, 'metrics.jsonl');
    const short = readFileSync(metrics);
    try {
      writeFileSync(metrics, Buffer.concat(Array.from({ length: Math.ceil(1.1e6 / short.length) }, () => short)));
      const { folder } = await made('long');
      expect(textsOf(folder)['tiny.metrics.jsonl.gz']).toBe(readFileSync(metrics, 'utf8'));
      expect(await strataJson('record', '--check', folder)).toMatchObject({ differences: [] });
    } finally {
      writeFileSync(metrics, short);
    }
  });
});

describe('a record is refused', () => {
  it('where files are not committed, listing ten of them, whatever GIT_DIR says', async () => {
    for (let at = 0; at < 12; at++) writeFileSync(join(root, `new-${at}.txt`), 'x');
    process.env.GIT_DIR = join(root, 'nowhere');
    try {
      const message = await refusal(request('dirty'));
      expect(message).toContain('?? new-0.txt');
      expect(message).toContain('and 2 more');
      expect(message).toContain('Commit them');
    } finally {
      delete process.env.GIT_DIR;
    }
    git('clean', '--quiet', '-d', '--force');
    writeFileSync(study, `${STUDY}# later\n`);
    expect(await refusal(request('dirty'))).toContain(' M study.yaml');
    expect(existsSync(out)).toBe(false);
  });

  it('where git ignores the study', async () => {
    const ignored = join(root, 'runs', 'study.yaml');
    writeFileSync(ignored, STUDY);
    const message = await refusal(['record', '--study', ignored, '--run', tiny, '--out', out, '--slug', 'ignored']);
    expect(message).toContain('it is in no commit');
    rmSync(ignored);
  });

  it('where there is no checkout', async () => {
    const elsewhere = join(scratchFolder(), 'study.yaml');
    writeFileSync(elsewhere, STUDY);
    const message = await refusal(['record', '--study', elsewhere, '--run', tiny, '--out', out, '--slug', 'none']);
    expect(message).toContain('no git checkout');
  });

  it('where one exists, and nothing of it changes', async () => {
    const { folder } = await made('twice');
    const before = textsOf(folder);
    commitAll('the record');
    expect(await refusal(request('twice'))).toContain('never written over');
    expect(textsOf(folder)).toEqual(before);
    expect(readdirSync(out)).toHaveLength(1);
  });

  it('where a stage is newer than the report', async () => {
    const manifest = join(tiny, 'levels', 'word', 'manifest.json');
    const later = new Date(Date.now() + 60_000);
    const { atime, mtime } = statSync(manifest);
    utimesSync(manifest, later, later);
    try {
      expect(await refusal(request('stale'))).toContain('strata compare --run');
    } finally {
      utimesSync(manifest, atime, mtime);
    }
  });

  it('without a prediction, with an absolute path in the study, with one run twice, or half a command', async () => {
    writeFileSync(study, 'question: Why?\n');
    commitAll('no prediction');
    expect(await refusal(request('half'))).toContain('prediction');
    writeFileSync(study, STUDY.replace('config.yaml', join(root, 'a', 'b.yaml')));
    commitAll('a path');
    expect(await refusal(request('path'))).toContain('from the root of the project');
    git('reset', '--quiet', '--hard', trained);
    expect(await refusal(request('same', '--run', tiny))).toContain('Give each run once');
    expect(await refusal(['record', '--run', tiny])).toContain('--study FILE, --slug NAME');
    expect(await refusal(request('../up'))).toContain('Accepted: up to 64 small letters');
    expect(existsSync(out)).toBe(false);
  });
});

describe('the prediction', () => {
  it('has to be in the commit that trained, unless the record may say that it was not', async () => {
    writeFileSync(study, STUDY.replace('It does not', 'It does'));
    const after = commitAll('another prediction');
    const message = await refusal(request('after'));
    expect(message).toContain(`tiny (subword, word): commit ${trained} has another study.yaml`);
    expect(message).toContain('--prediction-after');
    expect(existsSync(out)).toBe(false);
    const { code, out: said } = await strata(request('after', '--prediction-after'));
    expect(code).toBe(0);
    expect(said).toContain('The prediction was not committed before the training.');
    const readme = textsOf(join(out, readdirSync(out)[0]!))['README.md']!;
    expect(readme).toContain('**The prediction was not committed before the training.**');
    expect(readme).not.toContain('Made beforehand');
    expect(readme).toContain(after);
  });

  it('is not known to come first where the commit did not have it, is unknown, or was not recorded', async () => {
    const other = join(root, 'runs', 'other');
    for (const [commit, problem] of [
      [first, `commit ${first} does not have study.yaml`],
      ['--help', 'is not in this checkout'],
      [undefined, 'no commit is recorded'],
      [`${trained}+`, ''],
    ] as const) {
      cpSync(tiny, other, { recursive: true, preserveTimestamps: true });
      for (const stage of ['subword', 'word'] as const) restate(Run.open(other).path(stage), commit);
      const asked = ['record', '--study', study, '--run', other, '--out', out, '--slug', 'other'];
      if (problem !== '') expect(await refusal(asked)).toContain(problem);
      else {
        const { code, out: said } = await strata(asked);
        expect(code).toBe(0);
        expect(said).toContain('other: subword, word was trained with changes that its commit does not hold.');
      }
      rmSync(other, { recursive: true });
    }
  });
});

describe('--check', () => {
  it('says that nothing changed, and takes a verdict that was still to be written', async () => {
    const { answer, folder } = await made('check');
    expect(await strataJson('record', '--check', folder)).toMatchObject({
      seal: answer.seal,
      files: answer.files.length - 1,
      differences: [],
      notes: [],
    });
    const readme = join(folder, 'README.md');
    writeFileSync(readme, readFileSync(readme, 'utf8').replace('Still to be written.', 'As predicted.'));
    writeFileSync(join(folder, 'pairs.json'), '{}\n');
    const { code, out: said } = await strata(['record', '--check', folder]);
    expect(code).toBe(0);
    expect(said).toContain('README.md: its verdict was written since');
    expect(said).toContain('pairs.json: it was added since');
  });

  it('finds what was changed, removed, or sealed anew by hand', async () => {
    const { folder } = await made('tampered');
    const change = (name: string, from: string | RegExp, to: string): void => {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text.replace(from, to)).not.toBe(text);
      writeFileSync(join(folder, name), text.replace(from, to));
    };
    change('README.md', 'It does not, at this size.', 'It does, at this size.');
    change('tiny.report.json', /"total": \d/, '"total": 0');
    rmSync(join(folder, 'study.yaml'));
    const message = await refusal(['record', '--check', folder]);
    for (const name of ['README.md', 'tiny.report.json', 'study.yaml: it is missing']) expect(message).toContain(name);
    expect(message).not.toContain('metrics');
    change('hashes.json', /"bytes": \d/, '"bytes": 7');
    expect(await refusal(['record', '--check', folder])).toContain('its checksum does not fit its contents');
    const { code, out: json } = await strata(['record', '--check', folder, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(json)).toMatchObject({ seal: null });
  });

  it('holds a verdict that was recorded, and refuses a folder that is no record', async () => {
    const verdict = join(scratchFolder(), 'verdict.md');
    writeFileSync(verdict, 'As predicted.\n');
    const { folder } = await made('closed', '--verdict', verdict);
    const readme = join(folder, 'README.md');
    writeFileSync(readme, readFileSync(readme, 'utf8').replace('As predicted.', 'Better than predicted.'));
    expect(await refusal(['record', '--check', folder])).toContain('README.md');
    expect(await refusal(['record', '--check', root])).toContain('Accepted: a folder made by strata record');
  });
});
