// Colours of points by part of speech, frequency or quality, for light and dark pages.
// The nine of parts of speech follow Tol's muted scheme (Paul Tol, colour schemes, 2021), apart for colour-blind eyes.
import type { ConceptColumns } from '../../src/answers.js';
import { TAG_ORDER, tagName } from './parts-of-speech.js';

export type ColourBy = 'part of speech' | 'frequency' | 'quality';
export const COLOUR_BY: readonly ColourBy[] = ['part of speech', 'frequency', 'quality'];

const TAGS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  NOUN: ['#3b6fb0', '#7fb2ee'],
  VERB: ['#c2513d', '#f0897a'],
  ADJ: ['#3f8a54', '#77c98c'],
  ADV: ['#a8842c', '#e0bf6a'],
  PROPN: ['#8a55a8', '#c79be0'],
  FUNCTION: ['#7d8894', '#8d98a5'],
  NUMBER: ['#2f9c9c', '#6fd0cf'],
  PUNCTUATION: ['#b0a99f', '#6d6a66'],
  OTHER: ['#b5668e', '#dc9bbb'],
};
const UNKNOWN: readonly [string, string] = ['#888888', '#999999'];

/** From little to much. */
const RAMP_LIGHT = ['#c9d6de', '#9fbccb', '#74a0b8', '#4c81a1', '#2c6187', '#174268'];
const RAMP_DARK = ['#33434e', '#3f5f72', '#4f8099', '#6ba4bd', '#95c8da', '#cdebf4'];
const SINGLE: readonly [string, string] = ['#d8d5cf', '#3a3d42'];

export interface Colouring {
  readonly palette: readonly string[];
  /** Index into the palette of each concept. */
  readonly index: Float32Array;
  readonly legend: readonly { readonly colour: string; readonly label: string }[];
}

/** Colours of all concepts. */
export function colouring(columns: ConceptColumns, by: ColourBy, dark: boolean): Colouring {
  const shade = dark ? 1 : 0;
  const count = columns.names.length;
  if (by === 'part of speech') {
    const palette = columns.tags.map((tag) => (TAGS[tag] ?? UNKNOWN)[shade]);
    return {
      palette,
      index: Float32Array.from(columns.pos),
      legend: columns.tags
        .map((tag, at) => ({ tag, colour: palette[at]!, label: tagName(tag) }))
        .sort((a, b) => TAG_ORDER.indexOf(a.tag) - TAG_ORDER.indexOf(b.tag)),
    };
  }
  const ramp = dark ? RAMP_DARK : RAMP_LIGHT;
  if (by === 'frequency') {
    const most = Math.log1p(Math.max(1, ...columns.counts.slice(0, 1000)));
    const step = (uses: number): number =>
      Math.min(ramp.length - 1, Math.floor((Math.log1p(uses) / most) * ramp.length));
    const least = (at: number): number => Math.ceil(Math.expm1((at / ramp.length) * most));
    return {
      palette: ramp,
      index: Float32Array.from(columns.counts, step),
      legend: ramp.map((colour, at) => ({ colour, label: at === 0 ? 'rare' : `${least(at).toLocaleString('en')}+` })),
    };
  }
  const palette = [SINGLE[shade], ...ramp.slice(1)];
  const steps = ramp.length - 1;
  return {
    palette,
    index: Float32Array.from({ length: count }, (_, id) =>
      columns.sizes[id]! < 2 ? 0 : 1 + Math.min(steps - 1, Math.floor(columns.coherence[id]! * steps)),
    ),
    legend: [
      { colour: palette[0]!, label: 'single' },
      ...palette.slice(1).map((colour, at) => ({ colour, label: `${(at / steps).toFixed(1)}+` })),
    ],
  };
}
