// The map as the page sees it: a frame that draws, and names over it as text of the page's own.
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ConceptColumns } from '../../src/answers.js';
import { type ColourBy, colouring } from './colours.js';
import type { FromMap, Placed, ToMap } from './map-messages.js';
import { tagName } from './parts-of-speech.js';
import { Failure } from './pieces.js';
import { type MapState, useDark } from './use-map.js';

export interface MapViewProps {
  readonly columns: ConceptColumns;
  readonly map: MapState;
  readonly colourBy: ColourBy;
  /** Ids to be shown; null for all. */
  readonly visible: Uint32Array | null;
  readonly selected: readonly number[];
  /** Whether the map moves to what is selected. */
  readonly move: boolean;
  readonly mark: readonly [number, number] | null;
  readonly onPoint: (id: number, more: boolean) => void;
  readonly onPlace: (at: readonly [number, number]) => void;
}

interface Overlay {
  readonly labels: readonly Placed[];
  readonly mark: { readonly x: number; readonly y: number } | null;
}

export function MapView({ columns, map, colourBy, visible, selected, move, mark, onPoint, onPlace }: MapViewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [overlay, setOverlay] = useState<Overlay>({ labels: [], mark: null });
  const [hovered, setHovered] = useState<Placed | null>(null);
  const dark = useDark();
  const colours = useMemo(() => colouring(columns, colourBy, dark), [columns, colourBy, dark]);
  const heard = useRef({ onPoint, onPlace });
  heard.current = { onPoint, onPlace };

  useEffect(() => {
    const hear = (event: MessageEvent<FromMap>): void => {
      if (event.source !== frame.current?.contentWindow || event.origin !== window.location.origin) return;
      const message = event.data;
      if (message.kind === 'ready') setReady(true);
      else if (message.kind === 'failed') setFailure(message.error);
      else if (message.kind === 'labels') setOverlay(message);
      else if (message.kind === 'hover') setHovered(message.at);
      else if (message.kind === 'point') heard.current.onPoint(message.point, message.more);
      else if (message.kind === 'place') heard.current.onPlace(message.at);
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);

  const positions = map.state === 'ready' ? map : undefined;
  useEffect(() => {
    if (!ready || positions === undefined) return;
    const most = Math.log1p(Math.max(1, ...columns.counts.slice(0, 1000)));
    send(frame.current, {
      kind: 'points',
      x: positions.x,
      y: positions.y,
      colour: colours.index,
      palette: colours.palette,
      size: Float32Array.from(columns.counts, (count) => Math.min(1, Math.log1p(count) / most)),
      order: labelOrder(columns),
      background: dark ? '#16181b' : '#fbfaf8',
      active: dark ? '#ffffff' : '#111111',
    });
  }, [ready, positions, columns, colours, dark]);
  useEffect(() => {
    if (ready && positions !== undefined) send(frame.current, { kind: 'filter', shown: visible });
  }, [ready, positions, visible]);
  useEffect(() => {
    if (ready && positions !== undefined) send(frame.current, { kind: 'select', points: selected, move });
  }, [ready, positions, selected, move]);
  useEffect(() => {
    if (ready && positions !== undefined) send(frame.current, { kind: 'mark', at: mark });
  }, [ready, positions, mark]);

  return (
    <div className="map-view" data-state={map.state}>
      <iframe ref={frame} src="/map.html" title="map of concepts; the search reaches every concept by keyboard" />
      <div className="labels" aria-hidden="true">
        {overlay.labels.map(({ point, x, y }) => (
          <span
            key={point}
            className={selected.includes(point) ? 'label chosen' : 'label'}
            style={{ transform: `translate(${x}px, ${y}px)` }}
          >
            {columns.names[point]}
          </span>
        ))}
        {overlay.mark !== null && (
          <span className="mark" style={{ transform: `translate(${overlay.mark.x}px, ${overlay.mark.y}px)` }} />
        )}
        {hovered !== null && (
          <span className="tip" style={{ transform: `translate(${hovered.x}px, ${hovered.y}px)` }}>
            {columns.names[hovered.point]}
            <small>
              {tagName(columns.tags[columns.pos[hovered.point]!]!)},{' '}
              {columns.counts[hovered.point]!.toLocaleString('en')} uses
            </small>
          </span>
        )}
      </div>
      <ul className="legend">
        {colours.legend.map(({ colour, label }) => (
          <li key={label}>
            <span style={{ background: colour }} />
            {label}
          </li>
        ))}
      </ul>
      {map.state === 'computing' && (
        <div className="over" role="status">
          <p>{map.step} …</p>
          {/* Without a value it shows that something goes on. */}
          <progress max={1} {...(map.share > 0 && { value: map.share })} />
          <p className="hint">Once for this run; search and cards work meanwhile.</p>
        </div>
      )}
      {map.state === 'failed' && <Failure message={`the map could not be laid out: ${map.error}`} />}
      {failure !== undefined && (
        <Failure message={`the map cannot be drawn (${failure}); it needs WebGL. The search reaches every concept.`} />
      )}
    </div>
  );
}

function send(frame: HTMLIFrameElement | null, message: ToMap): void {
  frame?.contentWindow?.postMessage(message, window.location.origin);
}

/** Clusters first, then by use; what opens a text or stands for unknown words comes last. */
function labelOrder({ sizes, counts }: ConceptColumns): Uint32Array {
  const worth = (id: number): number => Math.log1p(counts[id]!) + (sizes[id]! > 1 ? 3 : 0);
  return Uint32Array.from(counts.keys()).sort((a, b) => worth(b) - worth(a) || a - b);
}
