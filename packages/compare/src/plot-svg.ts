// Observable Plot without a browser: linkedom stands in for the document, and what comes out is SVG that needs no script.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup } from './report-markup.js';

/** Draws a plot as SVG markup; Plot escapes what stands in it as text. */
export function plotSvg(options: Plot.PlotOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({
    document,
    style: { fontSize: '13px', background: 'none', overflow: 'visible' },
    ...options,
  });
  // Two decimals of a pixel are enough, and a third of the size.
  const compact = figure.outerHTML.replace(
    / (d|transform|[xy][12]?|cx|cy|width|height)="[^"]*"/g,
    (attribute: string) => attribute.replace(/(\d+\.\d\d)\d+/g, '$1'),
  );
  return new Markup(compact);
}
