// The view of concepts: the map with its search, colours and filters, and beside it what was pointed at.
import { useEffect, useMemo, useState } from 'react';
import type { ConceptColumns, RunAnswer } from '../../src/answers.js';
import { Card } from './card.js';
import { COLOUR_BY, type ColourBy } from './colours.js';
import { MapView } from './map-view.js';
import { ConceptSearch } from './pieces.js';
import { type Part, PlaceCard } from './place.js';
import { useMap } from './use-map.js';

/** What stands beside the map. */
type Shown =
  | { readonly kind: 'concept'; readonly id: number }
  | { readonly kind: 'place'; readonly mixture: readonly Part[]; readonly at: readonly [number, number] | null }
  | undefined;

const FILTERS = ['all', 'content words', 'two or more'] as const;
type Filter = (typeof FILTERS)[number];
const CONTENT = new Set(['NOUN', 'VERB', 'ADJ', 'ADV']);
/** Neighbours on the map that describe an empty place. */
const AROUND = 4;

export function Concepts({
  columns,
  run,
  asked,
}: {
  readonly columns: ConceptColumns;
  readonly run: RunAnswer;
  /** A concept that another view wants to be shown. */
  readonly asked: number | undefined;
}) {
  const map = useMap();
  const [colourBy, setColourBy] = useState<ColourBy>('part of speech');
  const [filter, setFilter] = useState<Filter>('all');
  const [least, setLeast] = useState(0);
  const [shown, setShown] = useState<Shown>();
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    if (asked === undefined) return;
    setShown({ kind: 'concept', id: asked });
    setMoved(true);
  }, [asked]);
  const visible = useMemo(() => visibleConcepts(columns, filter, least), [columns, filter, least]);
  const selected = useMemo(
    () =>
      shown === undefined ? [] : shown.kind === 'concept' ? [shown.id] : shown.mixture.map(({ concept }) => concept),
    [shown],
  );
  const show = (id: number): void => {
    setShown({ kind: 'concept', id });
    setMoved(true);
  };
  const point = (id: number, more: boolean): void => {
    setMoved(false);
    if (more && shown?.kind === 'concept' && shown.id !== id) {
      const pair = [shown.id, id].map((concept) => ({ concept, weight: 0.5 }));
      setShown({ kind: 'place', mixture: pair, at: null });
    } else setShown({ kind: 'concept', id });
  };
  const place = (at: readonly [number, number]): void => {
    if (map.state !== 'ready') return;
    setMoved(false);
    setShown({ kind: 'place', mixture: around(map.x, map.y, visible, at), at });
  };
  const max = Math.max(4, Math.ceil(Math.log2(Math.max(...columns.counts.slice(0, 1000), 2))));
  return (
    <div className="concepts">
      <section className="map" aria-label="map of concepts">
        <div className="tools">
          <ConceptSearch columns={columns} label="Search" onConcept={show} />
          <label>
            Colour{' '}
            <select value={colourBy} onChange={(event) => setColourBy(event.target.value as ColourBy)}>
              {COLOUR_BY.map((by) => (
                <option key={by}>{by}</option>
              ))}
            </select>
          </label>
          <label>
            Show{' '}
            <select value={filter} onChange={(event) => setFilter(event.target.value as Filter)}>
              {FILTERS.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          <label>
            {least === 0 ? 0 : 2 ** least}+ uses{' '}
            <input
              type="range"
              min={0}
              max={max}
              value={least}
              onChange={(event) => setLeast(Number(event.target.value))}
            />
          </label>
          <span className="count">{(visible?.length ?? columns.names.length).toLocaleString('en')} points</span>
        </div>
        <MapView
          columns={columns}
          map={map}
          colourBy={colourBy}
          visible={visible}
          selected={selected}
          move={moved}
          mark={shown?.kind === 'place' ? shown.at : null}
          onPoint={point}
          onPlace={place}
        />
      </section>
      <aside aria-label="what was pointed at">
        {shown === undefined && <Welcome />}
        {shown?.kind === 'concept' && (
          <Card key={shown.id} id={shown.id} columns={columns} run={run} onConcept={show} />
        )}
        {shown?.kind === 'place' && (
          <PlaceCard
            mixture={shown.mixture}
            columns={columns}
            onConcept={show}
            onMixture={(mixture) => setShown({ ...shown, mixture })}
          />
        )}
      </aside>
    </div>
  );
}

function Welcome() {
  return (
    <div className="welcome">
      <h2>The space of concepts</h2>
      <p>
        Each point is a concept: a cluster of words that mean the same, or a single word. Near points mean alike to the
        model.
      </p>
      <ul>
        <li>Search, or click a point, for its card.</li>
        <li>Click between points, and the place is described in words.</li>
        <li>Shift-click a second point for what lies between the two.</li>
        <li>Drag moves the map, the wheel brings it nearer.</li>
      </ul>
    </div>
  );
}

/** Ids that a filter lets through; null where it lets through all. */
function visibleConcepts(columns: ConceptColumns, filter: Filter, least: number): Uint32Array | null {
  if (filter === 'all' && least === 0) return null;
  const uses = least === 0 ? 0 : 2 ** least;
  const ids: number[] = [];
  for (let id = 0; id < columns.names.length; id++) {
    if (columns.counts[id]! < uses) continue;
    if (filter === 'two or more' && columns.sizes[id]! < 2) continue;
    if (filter === 'content words' && !CONTENT.has(columns.tags[columns.pos[id]!]!)) continue;
    ids.push(id);
  }
  return Uint32Array.from(ids);
}

/** The concepts around a place of the map, each by how near it is. */
function around(
  x: Float32Array,
  y: Float32Array,
  visible: Uint32Array | null,
  [atX, atY]: readonly [number, number],
): Part[] {
  const nearest: { concept: number; square: number }[] = [];
  const count = visible?.length ?? x.length;
  for (let i = 0; i < count; i++) {
    const concept = visible === null ? i : visible[i]!;
    const square = (x[concept]! - atX) ** 2 + (y[concept]! - atY) ** 2;
    if (nearest.length === AROUND && square >= nearest.at(-1)!.square) continue;
    nearest.push({ concept, square });
    nearest.sort((a, b) => a.square - b.square);
    if (nearest.length > AROUND) nearest.pop();
  }
  const weights = nearest.map(({ square }) => 1 / (Math.sqrt(square) + 1e-4));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return nearest.map(({ concept }, i) => ({ concept, weight: Math.max(1e-6, weights[i]! / total) }));
}
