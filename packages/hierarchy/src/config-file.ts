// Reading a configuration: YAML from a file, `key.path=value` overrides, and errors that name file, path, what was
// found, what is accepted and the nearest known key.
import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Config, configSchema, impossibleSizes } from './config.js';

const MAXIMUM_BYTES = 1 << 20;
const YAML_LIMITS = { maxAliasCount: 10, logLevel: 'error' } as const;

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Least number of single-letter edits between two names (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((key) => ({ key, distance: editDistance(name, key) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0] !== undefined && ranked[0].distance <= Math.max(2, name.length / 2) ? ranked[0].key : undefined;
}

/** The keys of the schema's section at a path, each with its own schema; undefined where there is no such section. */
function sectionAt(path: readonly PropertyKey[]): Record<string, unknown> | undefined {
  let schema: unknown = configSchema;
  for (const key of path) schema = withoutDefault((schema as { shape?: Record<PropertyKey, unknown> }).shape?.[key]);
  return (schema as { shape?: Record<string, unknown> } | undefined)?.shape;
}

/** What an optional schema, or one with a default, is about. */
function withoutDefault(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodPrefault || inner instanceof z.ZodDefault)
    inner = inner.unwrap();
  return inner;
}

/** What to set where keys of one section are refused together: their owner says only what is wrong. */
const NEXT_STEPS: Readonly<Record<string, string>> = {
  'word.input': ' Set word.input.base=every, or leave word.input.factors=true.',
};

function describe(issue: z.core.$ZodIssue, found: unknown): string {
  const path = issue.path.map(String).join('.') || '(top)';
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(sectionAt(issue.path) ?? {});
    return issue.keys
      .map((key) => {
        const near = nearest(key, known);
        const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
        return `${path}: unknown key "${key}".${hint} Accepted: ${known.join(', ') || 'none'}.`;
      })
      .join('\n');
  }
  let value = found;
  for (const key of issue.path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  const nextStep = issue.code === 'custom' ? (NEXT_STEPS[path] ?? '') : '';
  return `${path}: found ${JSON.stringify(value) ?? 'nothing'}. ${issue.message}.${nextStep}`;
}

/** Checks a parsed configuration; `source` names it in errors. */
export function checkConfig(found: unknown, source: string): Config {
  const result = configSchema.safeParse(found);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `  ${describe(issue, found)}`).join('\n');
    throw new ConfigError(
      `${source} is not a configuration Strata can run:\n${lines}\nSee configs/demo.yaml for a whole one.`,
    );
  }
  const problems = impossibleSizes(result.data);
  if (problems.length > 0)
    throw new ConfigError(`${source} asks for impossible sizes:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  return result.data;
}

/** Puts `concept.width=192` into a parsed configuration; values are read as YAML. */
function override(target: unknown, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals <= 0)
    throw new ConfigError(`--set ${assignment}: write it as key.path=value, for example concept.width=192`);
  const path = assignment.slice(0, equals).split('.');
  let place = target as Record<string, unknown>;
  for (const [depth, key] of path.slice(0, -1).entries()) {
    // A section that the file leaves to its defaults begins here.
    if (!Object.hasOwn(place, key) && sectionAt(path.slice(0, depth + 1)) !== undefined) place[key] = {};
    const inner = Object.hasOwn(place, key) ? place[key] : undefined;
    if (typeof inner !== 'object' || inner === null) {
      const above = path.slice(0, depth);
      const sections = Object.keys(place).filter((name) => typeof place[name] === 'object' && place[name] !== null);
      const known = Object.keys(sectionAt(above) ?? {}).filter((name) => sectionAt([...above, name]) !== undefined);
      const accepted = [...new Set([...sections, ...known])].join(', ') || 'none';
      throw new ConfigError(`--set ${assignment}: there is no section "${key}". Sections here: ${accepted}`);
    }
    place = inner as Record<string, unknown>;
  }
  const key = path[path.length - 1];
  if (key === '__proto__') throw new ConfigError(`--set ${assignment}: there is no key "${key}"`);
  try {
    place[key] = parse(assignment.slice(equals + 1), YAML_LIMITS);
  } catch (error) {
    throw new ConfigError(`--set ${assignment}: the value is not YAML: ${(error as Error).message}`);
  }
}

/** Reads a configuration file and applies overrides; throws ConfigError with the next step. */
export function readConfig(path: string, overrides: readonly string[] = []): Config {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MAXIMUM_BYTES)
      throw new ConfigError(`${path} has ${size} bytes; a configuration has at most ${MAXIMUM_BYTES}`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `cannot read the configuration ${path}: ${(error as Error).message}. Try --config configs/demo.yaml`,
    );
  }
  let found: unknown;
  try {
    found = parse(text, YAML_LIMITS);
  } catch (error) {
    throw new ConfigError(`${path} is not YAML: ${(error as Error).message}`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw new ConfigError(`${path} holds no configuration. See configs/demo.yaml for a whole one.`);
  for (const assignment of overrides) override(found, assignment);
  return checkConfig(found, overrides.length > 0 ? `${path} with --set ${overrides.join(' --set ')}` : path);
}
