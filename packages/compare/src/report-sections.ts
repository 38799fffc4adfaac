// The smaller sections of the page: channels, concepts, further measurements, and where everything comes from.
// A channel is judged by what it costs to spoil its message; a cluster shows its evidence, so that a reader can disagree.
import { bytes, change, count, duration, exactly, figure, flops, percent } from './report-figures.js';
import { type Content, html, type Markup } from './report-markup.js';
import { levelColour } from './report-palette.js';
import type { ChannelRecord, ConceptCluster, DocRef, Report } from './report-schema.js';
import { clip, label } from './report-visible.js';

const MOST_CHANNELS = 12;
const MOST_CLUSTERS = 24;
const MOST_MEMBERS = 10;
const MOST_DOCUMENTS = 60;
const MOST_MEASURES = 24;
const MOST_NOTES = 40;

/** Bars of what each channel is worth on one common scale; undefined when none was tested. */
export function channelsSection(report: Report): Markup | undefined {
  const channels = report.channels.slice(0, MOST_CHANNELS);
  if (channels.length === 0) return undefined;
  const values = channels.flatMap(({ zeroed, shuffled, oracle = 0 }) => [zeroed, shuffled, oracle]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  return html`<div class="channels">${channels.map((channel) => channelCard(channel, low, span))}</div>
<p class="small muted">Bars share one scale. Right of the line, spoiling the message costs bits: the level below listens. On the line, nobody would miss it. Left of it, what the truth in place of the message would save (oracle).</p>`;
}

function channelCard(channel: ChannelRecord, low: number, span: number): Markup {
  const bars = (['zeroed', 'shuffled', 'oracle'] as const).map((how) => {
    const value = channel[how];
    if (value === undefined) return '';
    const start = (100 * (Math.min(0, value) - low)) / span;
    const width = Math.max(0.4, (100 * Math.abs(value)) / span);
    return html`<div class="spoilt"><span>${how}</span><div class="track"><i class="zero" style="left:${((-100 * low) / span).toFixed(2)}%"></i><i class="${how}" style="left:${start.toFixed(2)}%;width:${width.toFixed(2)}%"></i></div><output>${change(value)}</output></div>`;
  });
  const { size, used, perplexity } = channel.vocabulary;
  const vocabulary =
    size > 0
      ? html`${exactly(used)} of ${exactly(size)} units used (${percent(used / size)})<br>perplexity ${figure(perplexity)}`
      : html`a continuous message, without a vocabulary`;
  const { test } = channel;
  const onTest = test && html`<br>on the test text ${change(test.zeroed)} zeroed, ${change(test.shuffled)} shuffled`;
  return html`<article class="channel" style="--own:${levelColour(channel.level)}"><header><h3>${label(channel.level, 24)} <span class="arrow">→</span> ${label(channel.to, 24)}</h3><span class="chip ${channel.verdict}">${channel.verdict}</span></header>${bars}<p class="small muted">${vocabulary}${onTest}</p></article>`;
}

/** The best clusters as cards with the evidence for each member; undefined when the run has no concepts. */
export function conceptsSection(report: Report): Markup | undefined {
  const { best } = report.concepts;
  if (best.length === 0) return undefined;
  const cards = best.slice(0, MOST_CLUSTERS).map(clusterCard);
  return html`<div class="clusters">${cards}</div>${best.length > MOST_CLUSTERS && further(best.length - MOST_CLUSTERS, 'clusters')}`;
}

function clusterCard(cluster: ConceptCluster): Markup {
  const members = cluster.members
    .slice(0, MOST_MEMBERS)
    .map(
      ({ lemma, count: seen, evidence }) =>
        html`<div><dt>${label(lemma, 28)}</dt><dd class="count">${exactly(seen)}</dd><dd class="evidence">${label(evidence, 140)}</dd></div>`,
    );
  const left = cluster.members.length - members.length;
  return html`<article class="cluster"><header><h3>${label(cluster.name, 32)} <small>${label(cluster.pos, 12)}</small></h3><output title="score">${figure(cluster.score)}</output></header><dl>${members}</dl>${left > 0 && further(left, 'members')}</article>`;
}

/** Further measurements, one table a measurement's model; undefined when there is none. */
export function measuresSection(report: Report): Markup | undefined {
  const measures = (report.measures ?? []).slice(0, MOST_MEASURES);
  if (measures.length === 0) return undefined;
  const models = [...new Set(measures.flatMap((measure) => measure.values.map((entry) => entry.model)))].slice(0, 8);
  const rows = measures.map((measure) => {
    const values = measure.values.map((entry) => entry.value);
    const best = measure.better === 'higher' ? Math.max(...values) : Math.min(...values);
    return html`<tr><th scope="row">${label(measure.name, 60)}<small>${label(measure.unit, 40)}, ${measure.better} is better${
      measure.note !== undefined && `. ${label(measure.note, 160)}`
    }</small></th>${models.map((model) => {
      const value = measure.values.find((entry) => entry.model === model)?.value;
      if (value === undefined) return html`<td><span class="none">–</span></td>`;
      return html`<td${value === best && values.length > 1 && html` class="best"`}>${figure(value)}</td>`;
    })}</tr>`;
  });
  return html`<div class="scroll"><table class="figures measures"><thead><tr><th scope="col">measurement</th>${models.map(
    (model) => html`<th scope="col">${label(model, 24)}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What was cut, in the run's own words; undefined when the run noted nothing. */
export function notesSection(report: Report): Markup | undefined {
  const notes = report.notes.slice(0, MOST_NOTES);
  if (notes.length === 0) return undefined;
  return html`<ul class="notes">${notes.map((note) => html`<li>${clip(note, 600)}</li>`)}</ul>${
    report.notes.length > notes.length && further(report.notes.length - notes.length, 'notes')
  }`;
}

/** The corpus with its documents, what each level cost to train, and the hashes that pin the run. */
export function provenanceSection(report: Report): Markup {
  const { corpus, createdFrom } = report;
  const facts: readonly (readonly [string, Content])[] = [
    ['corpus', `${label(corpus.name)}, ${label(corpus.licence)}`],
    ['corpus hash', code(corpus.hash)],
    ['training text', `${bytes(corpus.trainBytes)} in ${exactly(corpus.trainDocuments.length)} documents`],
    ['config hash', code(createdFrom.configHash)],
    ['commit', createdFrom.commit === undefined ? 'not recorded' : code(createdFrom.commit)],
    ['seed', String(createdFrom.seed)],
  ];
  const levels = report.levels
    .slice(0, 12)
    .map(
      (level) =>
        html`<tr><th scope="row"><i class="swatch" style="background:${levelColour(level.name)}"></i>${label(level.name, 24)}</th><td>${exactly(level.parameters)}</td><td>${
          level.vocabularySize > 0 ? exactly(level.vocabularySize) : html`<span class="none">–</span>`
        }</td><td>${bytes(level.bytesSeen)}</td><td>${flops(level.trainFlops)}</td><td>${duration(level.trainSeconds)}</td></tr>`,
    );
  return html`<dl class="facts">${facts.map(([what, value]) => html`<div><dt>${what}</dt><dd>${value}</dd></div>`)}</dl>
<div class="scroll"><table class="figures"><thead><tr><th scope="col">level</th><th scope="col">parameters</th><th scope="col">vocabulary</th><th scope="col">text seen</th><th scope="col">training</th><th scope="col">time</th></tr></thead><tbody>${levels}</tbody></table></div>
${documents('Held out for the test', corpus.test)}${documents('Held out for validation', corpus.validation)}${documents('Trained on', corpus.trainDocuments)}`;
}

function documents(title: string, entries: readonly DocRef[]): Markup | undefined {
  if (entries.length === 0) return undefined;
  const rows = entries
    .slice(0, MOST_DOCUMENTS)
    .map(
      (entry) =>
        html`<tr><th scope="row">${label(entry.name)}</th><td>${exactly(entry.bytes)}</td><td>${code(entry.sha256.slice(0, 12))}</td></tr>`,
    );
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return html`<details><summary>${title} <small>${count(entries.length)} document${entries.length === 1 ? '' : 's'}, ${bytes(total)}</small></summary><div class="scroll"><table class="figures documents"><thead><tr><th scope="col">document</th><th scope="col">bytes</th><th scope="col">SHA-256</th></tr></thead><tbody>${rows}</tbody></table></div>${
    entries.length > MOST_DOCUMENTS && further(entries.length - MOST_DOCUMENTS, 'documents')
  }</details>`;
}

function code(text: string): Markup {
  return html`<code>${label(text, 72)}</code>`;
}

function further(left: number, what: string): Markup {
  return html`<p class="small muted">${exactly(left)} further ${what} in report.json.</p>`;
}
