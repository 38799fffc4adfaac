// What a level's parameters are for, told from their names: the groups that a dry run adds up.
// Names follow Llama as published by Hugging Face for the stack, and the levels' own words for the rest.
import { elementCount, type ParameterSpec } from '@strata/nn';

/** A group of parameters and how many numbers it holds. */
export interface ParameterGroup {
  readonly group: string;
  readonly parameters: number;
}

// The first rule that fits counts; speller and memory come first, small models with all of these inside.
const RULES: readonly (readonly [group: string, name: RegExp])[] = [
  ['speller', /\.(speller|pointer)\./],
  ['memory', /\.memory\./],
  ['attention', /\.self_attn\./],
  ['feed-forward', /\.mlp\./],
  ['norms', /norm\.weight$/],
  ['descend', /\.descend\b/],
  ['ascend', /\.(ascend\b|letters\.|start$)/],
  ['heads', /(_head\.(weight|bias)|_bias|\.bag\.(query\.weight|bias))$/],
  ['embeddings', /\.(embed_tokens|lemma|slot|casing|gap|boundary|concept)\.weight$/],
];
const OTHER = 'other';
const ORDER = [
  'embeddings',
  'ascend',
  'attention',
  'feed-forward',
  'norms',
  'descend',
  'heads',
  'speller',
  'memory',
  OTHER,
];

/** Adds parameters up by group; groups that hold nothing are left out. */
export function parameterGroups(specs: readonly ParameterSpec[]): ParameterGroup[] {
  const sums = new Map<string, number>();
  for (const { name, shape } of specs) {
    const [group] = RULES.find(([, pattern]) => pattern.test(name)) ?? [OTHER];
    sums.set(group, (sums.get(group) ?? 0) + elementCount(shape));
  }
  return ORDER.flatMap((group) => {
    const parameters = sums.get(group);
    return parameters === undefined ? [] : [{ group, parameters }];
  });
}

/** Numbers that parameters hold in all. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + elementCount(spec.shape), 0);
}
