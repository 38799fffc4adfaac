// The inspection of a run: who may ask what, what is answered, and that what a person does is kept
// (DESIGN: every cluster keeps its evidence; rewind to any step, put another concept there, render again).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLadder, type Run } from '@strata/hierarchy';
import {
  type CardAnswer,
  type ConceptColumns,
  type ContextsAnswer,
  type EditsAnswer,
  type GenerationAnswer,
  type GestaltAnswer,
  type Inspection,
  type MapAnswer,
  type PlaceAnswer,
  startInspection,
} from '@strata/inspect';
import { type Corpus, documentOfText } from '@strata/text';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, strata } from './cli-harness.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const MARKUP = '<script>document.title = "owned"</script>';

let run: Run;
let page: string;
let inspection: Inspection;
let token: string;
const notes: string[] = [];

beforeAll(async () => {
  const corpus = smallCorpus();
  run = await trainSmall(freshFolder(), corpus, ['subword', 'word', 'concept', 'gestalt']);
  page = mkdtempSync(join(tmpdir(), 'strata-page-'));
  mkdirSync(join(page, 'page'));
  writeFileSync(join(page, 'page', 'index.html'), '<p>the page</p>');
  writeFileSync(join(page, 'secret.html'), 'a secret');
  const hostile: Corpus = { ...corpus, train: [documentOfText('hostile', `Then ${MARKUP} he said so. `.repeat(40))] };
  inspection = await startInspection(
    {
      run,
      ladder: openLadder(run),
      corpus: () => hostile,
      distil: 'strata concepts distil',
      note: (line) => notes.push(line),
    },
    { page: join(page, 'page') },
  );
  token = new URL(inspection.url).searchParams.get('token')!;
});

afterAll(async () => {
  await inspection.close();
  rmSync(page, { recursive: true, force: true });
  removeFolders();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Asks with exactly these headers and this path: neither a Host nor a ".." is put right on the way. */
function raw(path: string, headers: Record<string, string> = {}, body?: string, method?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: inspection.port,
        path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const asked = (path: string, question?: unknown, method?: string): Promise<Answer> =>
  raw(
    `/api/${path}`,
    { 'x-strata-token': token, ...(question !== undefined && { 'content-type': 'application/json' }) },
    question === undefined ? undefined : JSON.stringify(question),
    method,
  );

async function answer<T>(path: string, question?: unknown, method?: string): Promise<T> {
  const { status, body } = await asked(path, question, method);
  expect(status, body).toBe(200);
  return JSON.parse(body) as T;
}

describe('the server', () => {
  it('answers its own host names alone, so that no other name leads here', async () => {
    const { port } = inspection;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`])
      expect((await raw('/api/run', { host, 'x-strata-token': token })).status).toBe(200);
    for (const host of ['example.org', `example.org:${port}`, '127.0.0.1', `127.0.0.1.example.org:${port}`])
      expect((await raw('/api/run', { host, 'x-strata-token': token })).status, host).toBe(403);
    expect((await raw('/api/run', { origin: 'http://example.org', 'x-strata-token': token })).status).toBe(403);
  });

  it('wants its token, in a header, a cookie or once in the address of the page', async () => {
    for (const headers of [{}, { 'x-strata-token': `${token}x` }, { 'x-strata-token': '' }] as Record<
      string,
      string
    >[]) {
      expect((await raw('/api/run', headers)).status).toBe(401);
      expect((await raw('/', headers)).status).toBe(401);
    }
    // In the address of anything but the page it would end up in logs.
    expect((await raw(`/api/run?token=${token}`)).status).toBe(401);
    const opened = await raw(`/?token=${token}`);
    expect(opened.status).toBe(200);
    const [cookie] = opened.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect((await raw('/api/run', { cookie: cookie!.split(';')[0]! })).status).toBe(200);
  });

  it('lets a page run nothing but its own scripts, and nobody frame or read it', async () => {
    for (const path of ['/', '/api/run', '/nothing']) {
      const { headers } = await raw(path, { 'x-strata-token': token });
      const policy = headers['content-security-policy'] as string;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    // The map's frame may evaluate, and connect to nothing.
    const { headers } = await raw('/map.html', { 'x-strata-token': token });
    expect(headers['content-security-policy']).toContain("connect-src 'none'");
  });

  it('serves files of the page alone, whatever a path says', async () => {
    expect((await raw('/', { 'x-strata-token': token })).body).toBe('<p>the page</p>');
    for (const path of [
      '/../secret.html',
      '/%2e%2e/secret.html',
      '/..%2fsecret.html',
      '//secret.html',
      '/\\..\\secret.html',
    ])
      expect((await raw(path, { 'x-strata-token': token })).status, path).toBeOneOf([400, 404]);
  });

  it('refuses what is no question with words, and computes nothing for it', async () => {
    const json = { 'x-strata-token': token, 'content-type': 'application/json' };
    const refused = async (path: string, body: string, headers: Record<string, string> = json): Promise<string> => {
      const { status, body: said } = await raw(`/api/${path}`, headers, body);
      expect(status, said).toBe(400);
      return (JSON.parse(said) as { error: string }).error;
    };
    expect(await refused('place', '{')).toContain('no JSON');
    expect(await refused('place', '{}', { 'x-strata-token': token, 'content-type': 'text/plain' })).toContain(
      'application/json',
    );
    expect(await refused('place', '{"mixture":[]}')).toContain('mixture');
    expect(await refused('place', '{"mixture":[{"concept":1e9,"weight":1}]}')).toContain('concept');
    expect(await refused('place', '{"mixture":[{"concept":1,"weight":1}],"more":1}')).toContain('more');
    expect(await refused('generate', '{"prompt":"","from":"concept"}')).toContain('prompt');
    expect(await refused('generate', '{"prompt":"He","from":"thought"}')).toContain('from');
    expect((await asked('concepts/999999999')).status).toBe(400);
    expect((await asked('concepts/x')).status).toBe(400);
    expect((await asked('nothing')).status).toBe(404);
    expect((await raw('/api/generate', json, `{"prompt":"${'x'.repeat(70_000)}"}`)).status).toBe(413);
    expect(notes).toEqual([]);
  });
});

describe('the answers', () => {
  it('have a column entry for every concept, and a card whose shares add up', async () => {
    const { concepts } = openLadder(run);
    const columns = await answer<ConceptColumns>('concepts');
    expect(columns.names).toEqual(concepts!.concepts.map(({ name }) => name));
    const cluster = columns.sizes.findIndex((size) => size > 1);
    expect(cluster).toBeGreaterThan(0);
    const card = await answer<CardAnswer>(`concepts/${cluster}`);
    expect(card.members.map(({ name }) => name)).toEqual(concepts!.concept(cluster).members.map(({ name }) => name));
    expect(card.members.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(card.links.length).toBe(concepts!.concept(cluster).links.length);
    expect(card.links[0]!.verdicts.length).toBeGreaterThan(0);
    for (const { forms, count } of card.members) {
      expect(forms.length).toBeGreaterThan(0);
      expect(forms.reduce((sum, { share }) => sum + share, 0) * count).toBeCloseTo(count, 6);
    }
    expect(card.near).toHaveLength(12);
    expect(card.near.some(({ id }) => id === cluster)).toBe(false);
    expect(card.near.map(({ cosine }) => cosine)).toEqual(card.near.map(({ cosine }) => cosine).sort((a, b) => b - a));
  });

  it('show corpus text as text in JSON', async () => {
    const { concepts } = openLadder(run);
    const [said] = concepts!.find('say');
    const { status, headers, body } = await asked(`concepts/${concepts!.conceptOf[said!]}/contexts`);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    const { contexts } = JSON.parse(body) as ContextsAnswer;
    expect(contexts.length).toBeGreaterThan(0);
    expect(contexts[0]!.before).toContain(MARKUP);
  });

  it('keep the map beside the run, for this concept level', async () => {
    const map = await answer<MapAnswer>('map');
    expect(map.state).toBe('ready');
    const kept = JSON.parse(readFileSync(join(run.folder, 'concept-map.json'), 'utf8')) as {
      level: string;
      positions: number[];
    };
    expect(kept.level).toBe(openLadder(run).checksums.concept);
    expect(map.state === 'ready' && map.positions).toEqual(kept.positions);
  });

  it('describe a concept by itself, and a mixture by both, in a distribution that is one', async () => {
    const columns = await answer<ConceptColumns>('concepts');
    const frequent = [...columns.counts.keys()].sort((a, b) => columns.counts[b]! - columns.counts[a]!);
    const [a, b] = frequent.filter((id) => ['NOUN', 'VERB'].includes(columns.tags[columns.pos[id]!]!));
    const alone = await answer<PlaceAnswer>('place', { mixture: [{ concept: a, weight: 1 }] });
    expect(alone.near[0]).toMatchObject({ id: a });
    expect(alone.near[0]!.cosine).toBeCloseTo(1, 5);
    const mixed = await answer<PlaceAnswer>('place', { mixture: [a, b].map((concept) => ({ concept, weight: 0.5 })) });
    expect(
      mixed.near
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([a, b].sort());
    const said = mixed.says.reduce((sum, { probability }) => sum + probability, 0);
    expect(said).toBeGreaterThan(0);
    expect(said).toBeLessThanOrEqual(1 + 1e-6);
  });

  it('name the gestalts that expect a concept, the likeliest first; what they expect of all concepts adds up to one', async () => {
    const columns = await answer<ConceptColumns>('concepts');
    let usual = 0;
    for (const id of columns.names.keys()) {
      const gestalts = await answer<GestaltAnswer[]>(`concepts/${id}/gestalts`);
      const chances = gestalts.map(({ probability }) => probability);
      expect(chances).toEqual([...chances].sort((a, b) => b - a));
      usual += gestalts[0]!.probability / gestalts[0]!.times;
    }
    expect(usual).toBeCloseTo(1, 3);
  });
});

describe('a generation', () => {
  const question = { prompt: 'Once upon a time there was a little', from: 'concept', seed: 3, maximumUnits: 12 };

  it('can be rewound: another concept is put at a step, what stands before stays, and the rest is rendered again', async () => {
    const first = await answer<GenerationAnswer>('generate', question);
    const unit = 2;
    const { id, runnersUp } = first.trace[unit]!.choices.find(({ factor }) => factor === 'concept')!;
    const other = runnersUp[0]!;
    expect(other.id).not.toBe(id);
    const again = await answer<GenerationAnswer>('generate', { ...question, puts: [{ unit, concept: other.id }] });
    expect(again.trace.slice(0, unit)).toEqual(first.trace.slice(0, unit));
    const put = again.trace[unit]!.choices.find(({ factor }) => factor === 'concept')!;
    expect(put).toMatchObject({ id: other.id, chosen: other.name, put: true });
    expect(put.probability).toBeCloseTo(other.probability, 6);
    expect(put.runnersUp[0]).toMatchObject({ id });
    // What was drawn may be put as well: then nothing changes but that a person has said so.
    const same = await answer<GenerationAnswer>('generate', { ...question, puts: [{ unit, concept: id }] });
    expect(same.text).toBe(first.text);
  });

  it('takes its turn: several asked at once are those asked one by one', async () => {
    const seeds = [1, 2, 3];
    const together = await Promise.all(
      seeds.map((seed) => answer<GenerationAnswer>('generate', { ...question, seed })),
    );
    for (const [i, seed] of seeds.entries())
      expect(await answer<GenerationAnswer>('generate', { ...question, seed })).toEqual(together[i]);
  });

  it('refuses a concept where none is chosen, or where the text has ended', async () => {
    const refused = async (changed: object): Promise<string> => {
      const { status, body } = await asked('generate', { ...question, ...changed });
      expect(status).toBe(400);
      return (JSON.parse(body) as { error: string }).error;
    };
    expect(await refused({ from: 'word', puts: [{ unit: 0, concept: 5 }] })).toContain('generate from concept');
    expect(await refused({ puts: [{ unit: 50, concept: 5 }] })).toContain('ends after');
    expect(await refused({ puts: [{ unit: 0, concept: 0 }] })).toContain('opens a text');
  });
});

describe('the command', () => {
  it('prints the address of a server that answers, and ends it at Ctrl-C', async () => {
    const { code, out } = await strata(['inspect', '--run', run.folder, '--json'], 'Ctrl-C ends it');
    expect(code).toBe(0);
    const { url } = JSON.parse(out) as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('names the command that trains what a run lacks, and a port that is taken', async () => {
    const bare = await trainSmall(freshFolder(), smallCorpus(), ['subword']);
    expect(await refusal(['inspect', '--run', bare.folder])).toContain('strata train word');
    expect(await refusal(['inspect', '--run', run.folder, '--port', String(inspection.port)])).toContain('--port');
  });
});

describe('edits', () => {
  it('are saved by name and part of speech, and taken back only as they were seen', async () => {
    const { concepts } = openLadder(run);
    const file = join(run.folder, 'concept-edits.json');
    const cluster = concepts!.concepts.find(({ members }) => members.length > 1)!;
    const [kept, off] = cluster.members;
    const other = concepts!.concepts.find(({ id, pos }) => pos === cluster.pos && id !== cluster.id)!;
    const split = await answer<EditsAnswer>('edits', { kind: 'split', concept: cluster.id, off: [off!.lemma] });
    expect(split.edits).toEqual([
      expect.stringMatching(new RegExp(`^split ${off!.name}/${cluster.pos} off from .*${kept!.name}/${cluster.pos}`)),
    ]);
    const merged = await answer<EditsAnswer>('edits', { kind: 'merge', concepts: [cluster.id, other.id] });
    expect(merged.edits.at(-1)).toMatch(/^merge /);
    const saved = JSON.parse(readFileSync(file, 'utf8')) as { edits: { kind: string }[] };
    expect(saved.edits.at(-1)).toMatchObject({ kind: 'merge' });
    const stale = await asked('edits/0', { edit: 'something else' }, 'DELETE');
    expect(stale.status).toBe(409);
    let left = merged;
    while (left.edits.length > 0) left = await answer<EditsAnswer>('edits/0', { edit: left.edits[0] }, 'DELETE');
    expect((JSON.parse(readFileSync(file, 'utf8')) as { edits: unknown[] }).edits).toEqual([]);
  });

  it('refuse what shares no part of speech, or stays single, and leave the file alone', async () => {
    const { concepts } = openLadder(run);
    const of = (pos: string): number => concepts!.concepts.find((concept) => concept.pos === pos)!.id;
    const before =
      existsSync(join(run.folder, 'concept-edits.json')) &&
      readFileSync(join(run.folder, 'concept-edits.json'), 'utf8');
    for (const pair of [
      [of('NOUN'), of('VERB')],
      [of('FUNCTION'), of('NOUN')],
    ]) {
      const { status, body } = await asked('edits', { kind: 'merge', concepts: pair });
      expect(status, body).toBe(409);
    }
    expect(before === false || readFileSync(join(run.folder, 'concept-edits.json'), 'utf8') === before).toBe(true);
  });
});
