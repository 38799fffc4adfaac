// The questions that the page may ask, each with its input checked before anything is computed.
// From: Strata's house rules: what is asked is hostile until checked; answers are JSON, and text in them is text.
import { LEVEL_NAMES } from '@strata/level';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { InspectedRun } from './inspected-run.js';

const MAXIMUM_BODY = 64 << 10;
const MAXIMUM_LEMMAS = 32;
/** The smallest share that a mixture's part may have. */
const LEAST_WEIGHT = 1e-6;

/** A question that cannot be answered as it was asked. */
class AskedError extends Error {
  override readonly name = 'AskedError';
}

/** Errors that tell a person what to do next, with the status of their answer; all others are bugs. */
const STATUS: Readonly<Record<string, 400 | 404 | 409 | 503>> = {
  AskedError: 400,
  BusyError: 503,
  GenerationError: 400,
  ConceptEditsError: 409,
};

/** The routes under /api for a run. */
export function inspectionApi(run: InspectedRun): Hono {
  const conceptId = z
    .int()
    .min(0)
    .max(run.conceptCount - 1);
  const placeSchema = z.strictObject({
    mixture: z
      .array(z.strictObject({ concept: conceptId, weight: z.number().min(LEAST_WEIGHT).max(1) }))
      .min(1)
      .max(32),
  });
  const generateSchema = z.strictObject({
    prompt: z.string().min(1).max(4000),
    from: z.enum(LEVEL_NAMES),
    skip: z.array(z.enum(LEVEL_NAMES)).max(4).default([]),
    seed: z.int().min(0).max(0xffff_ffff).default(1),
    temperature: z.number().min(0).max(10).default(0.7),
    topP: z.number().min(0.01).max(1).default(0.9),
    maximumUnits: z.int().min(1).max(400).default(60),
    puts: z
      .array(z.strictObject({ unit: z.int().min(0).max(399), concept: conceptId }))
      .max(400)
      .default([]),
  });
  const lemmaId = z
    .int()
    .min(0)
    .max(run.source.ladder.concepts!.lemmaCount - 1);
  const editSchema = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('merge'), concepts: z.array(conceptId).min(2).max(MAXIMUM_LEMMAS) }),
    z.strictObject({ kind: z.literal('split'), concept: conceptId, off: z.array(lemmaId).min(1).max(MAXIMUM_LEMMAS) }),
    z.strictObject({ kind: z.literal('forbid'), a: lemmaId, b: lemmaId }),
  ]);
  const removeSchema = z.strictObject({ edit: z.string().max(20_000) });
  const idOf = (context: Context): number => {
    const parsed = z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number)
      .pipe(conceptId)
      .safeParse(context.req.param('id'));
    if (!parsed.success) throw new AskedError(`no such concept; ids are 0 to ${run.conceptCount - 1}`);
    return parsed.data;
  };
  const placeOf = (context: Context): number => {
    const place = context.req.param('place') ?? '';
    if (!/^\d{1,6}$/.test(place)) throw new AskedError('edits are numbered from 0');
    return Number(place);
  };

  const api = new Hono();
  api.use(
    bodyLimit({
      maxSize: MAXIMUM_BODY,
      onError: (context) => context.json({ error: 'at most 64 kB can be asked at once' }, 413),
    }),
  );
  api.get('/run', (context) => context.json(run.describe()));
  api.get('/concepts', (context) => context.json(run.columns));
  api.get('/map', (context) => context.json(run.map.answer));
  api.get('/concepts/:id', (context) => context.json(run.card(idOf(context))));
  api.get('/concepts/:id/contexts', async (context) => context.json(await run.contexts(idOf(context))));
  api.get('/concepts/:id/gestalts', async (context) => context.json(await run.gestalts(idOf(context))));
  api.post('/place', async (context) => context.json(run.place((await asked(context, placeSchema)).mixture)));
  api.post('/generate', async (context) =>
    context.json(await run.generations.generate(await asked(context, generateSchema))),
  );
  api.get('/edits', (context) => context.json(run.edits.list()));
  api.post('/edits', async (context) => context.json(run.edits.add(await asked(context, editSchema))));
  api.delete('/edits/:place', async (context) => {
    const { edit } = await asked(context, removeSchema);
    return context.json(run.edits.remove(placeOf(context), edit));
  });
  api.notFound((context) => context.json({ error: 'no such question' }, 404));
  api.onError((error, context) => {
    const status = STATUS[error.name] ?? (isExpected(error) ? 409 : undefined);
    if (status !== undefined) return context.json({ error: error.message }, status);
    run.source.note(`this is a bug in Strata; please report it with these lines\n${error.stack ?? error.message}`);
    return context.json({ error: 'this is a bug in Strata; the terminal of strata inspect says more' }, 500);
  });
  return api;
}

/** Errors of the files and the corpus that a run names. */
function isExpected(error: Error): boolean {
  return /^(Corpus\w*|JsonLine|\w*File|ReadOnly|DiskFull|Write|Version|Locked)Error$/.test(error.name);
}

/** The checked JSON body of a question; throws AskedError. */
async function asked<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\b/.test(context.req.header('content-type') ?? ''))
    throw new AskedError('a question is JSON: send it as application/json');
  let value: unknown;
  try {
    value = await context.req.json();
  } catch {
    throw new AskedError('the question is no JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AskedError(z.prettifyError(parsed.error));
  return parsed.data;
}
