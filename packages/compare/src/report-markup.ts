// HTML built by a tagged template that escapes every value; only markup made by the same tag passes through unescaped.
// Escaping follows the OWASP rule for element content and quoted attributes, the only two places where values may stand.
import { visible } from './report-visible.js';

/** A piece of HTML that is safe to put into a page. */
export class Markup {
  constructor(readonly source: string) {}
}

/** What may stand in a template: text and numbers are escaped, markup and lists are joined, undefined and false leave nothing. */
export type Content = string | number | Markup | readonly Content[] | undefined | false;

/** Builds Markup from a template; values may stand in element content and in double-quoted attributes only. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let source = strings[0]!;
  for (let index = 0; index < values.length; index++) source += render(values[index]!) + strings[index + 1]!;
  return new Markup(source);
}

/** Returns `text` with the five characters that HTML gives a meaning written as references. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.source;
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return content.map(render).join('');
}
