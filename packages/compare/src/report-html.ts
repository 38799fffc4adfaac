// The report as one page: a single HTML file that needs no network, no script and no font of its own.
// Order of reading: what came of it, what was built, what it measures, what it says, where it comes from.

import { bucketsSection } from './report-buckets-section.js';
import { curvesFigure } from './report-curves-figure.js';
import { exactly } from './report-figures.js';
import { ladderFigure } from './report-ladder-figure.js';
import { ledgerSection } from './report-ledger-section.js';
import { html, Markup } from './report-markup.js';
import { modelsSection } from './report-models-section.js';
import { samplesSection } from './report-samples-section.js';
import type { Report } from './report-schema.js';
import {
  channelsSection,
  conceptsSection,
  measuresSection,
  notesSection,
  provenanceSection,
} from './report-sections.js';
import { reportStyle } from './report-style.js';
import { judge, type Verdict } from './report-verdict.js';
import { label } from './report-visible.js';

/** Renders a report as one self-contained HTML document of less than 1.5 MB, whatever the report holds. */
export function renderReportHtml(report: Report): string {
  const verdict = judge(report);
  const { concepts } = report;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${label(report.run)} · Strata report</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<main>
${masthead(report, verdict)}
${section('ladder', 'The ladder', 'Each rung thinks in larger units than the one below. Patterns climb; messages come down and nudge what the lower rung would have said.', html`<figure class="wide">${ladderFigure(report)}</figure>`)}
${section('ledger', 'Bits per byte, part by part', 'How many bits it takes, on average, to say one byte of text the model has never seen. Fewer is better. The parts add up to the total.', ledgerSection(report))}
${section('models', 'Every model that was scored', 'The ladder, its controls, its parts and its variants on the same text: each byte once, no adaptation on the way.', modelsSection(report))}
${section('curves', 'Learning', 'Bits per byte as each stage reads its training text. Levels below a stage are frozen while it learns.', curvesFigure(report))}
${section('buckets', 'Rare words and frequent ones', 'The same test text, its words sorted by how often they stand in the training text. Sharing lemmas and concepts should show first where words are rare.', bucketsSection(report))}
${section('channels', 'Is the hierarchy real?', 'What happens to bits per byte when a level’s message to the one below is silenced (zeroed) or given to the wrong place (shuffled).', channelsSection(report))}
${section('samples', 'What it says', 'The same beginning, continued with a different level choosing first. Point at a unit to see its choices; the stronger its underline, the more bits it paid.', samplesSection(report))}
${section('concepts', 'Concepts', `${exactly(concepts.count)} concepts, ${exactly(concepts.clustered)} of them holding more than one word. The best, each member with its count in the training text and why it is here.`, conceptsSection(report))}
${section('measures', 'Beyond bits per byte', undefined, measuresSection(report))}
${section('notes', 'Notes from this run', undefined, notesSection(report))}
${section('reading', 'How to read this page', undefined, READING)}
${section('provenance', 'Where it comes from', undefined, provenanceSection(report))}
</main>
</body>
</html>
`;
  return page.source;
}

function masthead(report: Report, verdict: Verdict): Markup {
  return html`<header class="masthead ${verdict.outcome}">
<p class="kicker">Strata report · ${label(report.run, 60)}</p>
<h1>${verdict.headline}<span class="stop">.</span></h1>
<p class="sentence">${verdict.sentence}</p>
${verdict.caveats.length > 0 && html`<ul class="caveats">${verdict.caveats.slice(0, 12).map((caveat) => html`<li>${caveat}</li>`)}</ul>`}
</header>`;
}

function section(id: string, title: string, lead: string | undefined, body: Markup | undefined): Markup | undefined {
  if (body === undefined) return undefined;
  return html`<section id="${id}"><h2>${title}</h2>${lead !== undefined && html`<p class="lead">${lead}</p>`}${body}</section>`;
}

const READING = html`<dl class="reading">
<div><dt>Bits per byte</dt><dd>The negative log-likelihood of the held-out text in bits, divided by its UTF-8 bytes. It compares models with different vocabularies, because all of them have to account for the same bytes.</dd></div>
<div><dt>The ledger</dt><dd>A level’s prediction is a product of choices: the concept, its grammatical features, the word that says it, its letters when it is unknown, its capitals, the space before it. Each choice pays its own bits, and nothing is given for free inside the total.</dd></div>
<div><dt>A tie</dt><dd>A difference under twice the spread between seeds (the largest figure minus the smallest). With one seed no spread is known, and the page says so.</dd></div>
<div><dt>Channels</dt><dd>A level that nobody listens to costs nothing when its message is spoilt. “Dead” means just that, however good the level looks alone.</dd></div>
<div><dt>Trace</dt><dd>For each unit: the level that chose, what it chose, the probability it gave it, and the runners-up. Bits are what the choice paid under the distribution it was drawn from.</dd></div>
</dl>`;
