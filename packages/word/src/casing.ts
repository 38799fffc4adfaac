// Capitalisation as an axis of its own: a surface is a plain form and a casing, in exactly one way.
// Source: the project's own design; case mappings are Unicode's locale-free ones (ECMAScript toLowerCase, toUpperCase).

import { byteLength } from '@strata/text';

/** Casing ids: the plain form itself, first letter capital, all letters capital. */
export const CASING = { asIs: 0, title: 1, upper: 2 } as const;

/** Casing names; the index of a name is the casing id. */
export const CASING_NAMES = ['as is', 'Title', 'UPPER'] as const;

/** A surface taken apart: `applyCasing(form, casing)` gives the surface back. */
export interface CasedForm {
  readonly form: string;
  readonly casing: number;
}

function titled(form: string): string {
  const first = form.codePointAt(0);
  if (first === undefined) return form;
  const head = String.fromCodePoint(first);
  return head.toUpperCase() + form.slice(head.length);
}

/** The surface of a plain form under a casing id (0 as is, 1 Title, 2 UPPER). */
export function applyCasing(form: string, casing: number): string {
  if (casing === CASING.title) return titled(form);
  return casing === CASING.upper ? form.toUpperCase() : form;
}

/** Takes a surface apart in its one canonical way; mixed capitals, which no casing yields, stay in the form. */
export function splitCasing(surface: string): CasedForm {
  const lower = surface.toLowerCase();
  // Some letters change their length in bytes with their case; a form must stay as short as a unit is.
  if (lower !== surface && byteLength(lower) === byteLength(surface)) {
    // Title before UPPER: one-letter forms ("I") must have one encoding.
    if (titled(lower) === surface) return { form: lower, casing: CASING.title };
    if (lower.toUpperCase() === surface) return { form: lower, casing: CASING.upper };
  }
  return { form: surface, casing: CASING.asIs };
}

/** True where a string is what `splitCasing` gives as a form, so that it may be a lemma or a spelling. */
export function isPlainForm(form: string): boolean {
  return splitCasing(form).form === form;
}

/** Bit c is set where casing c of this plain form is the canonical encoding of the surface it yields. */
export function casingMaskOf(form: string): number {
  let mask = 1;
  for (const casing of [CASING.title, CASING.upper]) {
    const split = splitCasing(applyCasing(form, casing));
    if (split.form === form && split.casing === casing) mask |= 1 << casing;
  }
  return mask;
}
