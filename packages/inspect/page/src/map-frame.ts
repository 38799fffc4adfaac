// The map's own frame: draws points with regl-scatterplot (WebGL) and tells the page what was pointed at.
// It stands apart because regl compiles its draw calls, which the page's own policy forbids.
import createScatterplot from 'regl-scatterplot';
import './map-frame.css';
import type { FromMap, Placed, ToMap } from './map-messages.js';

/** Labels shown at once, and the room that each takes, in pixels. */
const LABELS = 60;
const ROOM = { width: 110, height: 26 };
/** Sizes of points from rare to frequent, in pixels, where the map is full; with fewer than so many it is not. */
const SIZES = [2, 3, 4, 5, 7, 9, 12];
const ROOMY = 4000;
/** More columns of labels than any screen has. */
const COLUMNS = 1 << 12;
/** A press that moves further than this is a drag. */
const STILL = 4;

const canvas = document.getElementById('map') as HTMLCanvasElement;
const tell = (message: FromMap): void => window.parent.postMessage(message, window.location.origin);

type Plot = ReturnType<typeof createScatterplot>;
type Points = Extract<ToMap, { kind: 'points' }>;

/** From data to pixels of the frame, and back. */
interface Screen {
  of(x: number, y: number): [number, number];
  from(left: number, top: number): [number, number];
}

function endsOf(values: Float32Array): readonly [number, number] {
  let [least, most] = [0, 0];
  for (let i = 1; i < values.length; i++) {
    if (values[i]! < values[least]!) least = i;
    if (values[i]! > values[most]!) most = i;
  }
  return [least, most];
}

class MapFrame {
  #points: Points | undefined;
  /** The least and the greatest point of each axis. */
  #ends: Readonly<Record<'x' | 'y', readonly [number, number]>> | undefined;
  #shown: Set<number> | undefined;
  #mark: readonly [number, number] | null = null;
  #selected: readonly number[] = [];
  #drawn: Promise<unknown> = Promise.resolve();
  #labelling = false;

  constructor(readonly plot: Plot) {
    plot.subscribe('pointOver', (point: number) => {
      const at = this.#screen()?.of(...this.#dataOf(point));
      tell({ kind: 'hover', at: at === undefined ? null : { point, x: at[0], y: at[1] } });
    });
    plot.subscribe('pointOut', () => tell({ kind: 'hover', at: null }));
    plot.subscribe('view', () => this.label());
    this.#listen();
  }

  hear(message: ToMap): void {
    // One drawing after the other: the plot drops what comes while it draws.
    this.#drawn = this.#drawn
      .then(() => this.#do(message))
      .catch((error: unknown) => {
        tell({ kind: 'failed', error: error instanceof Error ? error.message : String(error) });
      });
  }

  async #do(message: ToMap): Promise<void> {
    switch (message.kind) {
      case 'points':
        this.#points = message;
        this.#ends = { x: endsOf(message.x), y: endsOf(message.y) };
        this.plot.set({
          backgroundColor: message.background,
          pointColor: message.palette.length > 1 ? [...message.palette] : [message.palette[0]!, message.palette[0]!],
          pointColorActive: message.active,
          pointColorHover: message.active,
          colorBy: 'category',
          sizeBy: 'value',
          pointSize: this.#sizes(),
          opacity: 0.75,
        });
        await this.plot.draw(
          { x: message.x, y: message.y, z: message.colour, w: message.size },
          { zDataType: 'categorical', wDataType: 'continuous' },
        );
        if (this.#shown !== undefined) await this.plot.filter([...this.#shown], { preventEvent: true });
        if (this.#selected.length > 0) this.plot.select([...this.#selected], { preventEvent: true });
        break;
      case 'filter':
        this.#shown = message.shown === null ? undefined : new Set(message.shown);
        if (this.#points === undefined) break;
        this.plot.set({ pointSize: this.#sizes() });
        if (this.#shown === undefined) await this.plot.unfilter({ preventEvent: true });
        else await this.plot.filter([...this.#shown], { preventEvent: true });
        break;
      case 'select':
        this.#selected = message.points;
        if (this.#points === undefined) break;
        if (message.points.length === 0) this.plot.deselect({ preventEvent: true });
        else this.plot.select([...message.points], { preventEvent: true });
        if (message.move && message.points.length > 0)
          await this.plot.zoomToLocation(this.#dataOf(message.points[0]!), 0.35, {
            transition: true,
            transitionDuration: 400,
          });
        break;
      case 'mark':
        this.#mark = message.at;
    }
    this.label();
  }

  /** Tells where labels go: the points that deserve one most, none upon another. */
  label(): void {
    if (this.#labelling) return;
    this.#labelling = true;
    requestAnimationFrame(() => {
      this.#labelling = false;
      const screen = this.#screen();
      if (this.#points === undefined || screen === undefined) return;
      const { x, y, order } = this.#points;
      const taken = new Set<number>();
      const labels: Placed[] = [];
      const consider = (point: number): void => {
        const [left, top] = screen.of(x[point]!, y[point]!);
        if (left < 0 || top < 0 || left > canvas.clientWidth || top > canvas.clientHeight) return;
        const cell = Math.round(top / ROOM.height) * COLUMNS + Math.round(left / ROOM.width) + 1;
        if (taken.has(cell)) return;
        for (const aside of [-1, 0, 1]) taken.add(cell + aside);
        labels.push({ point, x: left, y: top });
      };
      for (const point of this.#selected) consider(point);
      for (const point of order) {
        if (labels.length >= LABELS) break;
        if (this.#shown === undefined || this.#shown.has(point)) consider(point);
      }
      const mark = this.#mark === null ? undefined : screen.of(...this.#mark);
      tell({ kind: 'labels', labels, mark: mark === undefined ? null : { x: mark[0], y: mark[1] } });
    });
  }

  /** Fewer points have more room, up to twice the size. */
  #sizes(): number[] {
    const count = this.#shown?.size ?? this.#points?.x.length ?? 0;
    const scale = Math.min(2, Math.max(1, Math.sqrt(ROOMY / Math.max(1, count))));
    return SIZES.map((size) => size * scale);
  }

  #dataOf(point: number): [number, number] {
    return [this.#points!.x[point]!, this.#points!.y[point]!];
  }

  /** The screen is an even scaling of the data: read off two points that lie apart, which is far less work than asking for each. */
  #screen(): Screen | undefined {
    if (this.#points === undefined || this.#ends === undefined) return undefined;
    const axis = (values: Float32Array, [a, b]: readonly [number, number], of: 0 | 1): readonly [number, number] => {
      const [low, high] = [this.plot.getScreenPosition(a)?.[of] ?? 0, this.plot.getScreenPosition(b)?.[of] ?? 1];
      const scale = (high - low) / Math.max(values[b]! - values[a]!, 1e-9);
      return [scale, low - scale * values[a]!];
    };
    const across = axis(this.#points.x, this.#ends.x, 0);
    const down = axis(this.#points.y, this.#ends.y, 1);
    return {
      of: (x, y) => [across[0] * x + across[1], down[0] * y + down[1]],
      from: (left, top) => [(left - across[1]) / across[0], (top - down[1]) / down[0]],
    };
  }

  #listen(): void {
    let pressed: { x: number; y: number } | undefined;
    canvas.addEventListener('mousedown', (event) => {
      pressed = { x: event.clientX, y: event.clientY };
    });
    canvas.addEventListener('click', (event) => {
      const moved = pressed === undefined ? 0 : Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
      if (moved > STILL) return;
      const hovered = this.plot.get('hoveredPoint');
      if (typeof hovered === 'number' && hovered >= 0) {
        tell({ kind: 'point', point: hovered, more: event.shiftKey });
        return;
      }
      const { left, top } = canvas.getBoundingClientRect();
      const at = this.#screen()?.from(event.clientX - left, event.clientY - top);
      if (at !== undefined) tell({ kind: 'place', at });
    });
  }
}

try {
  const options: Parameters<typeof createScatterplot>[0] & { readonly actionKeyMap: object } = {
    canvas,
    width: 'auto',
    height: 'auto',
    aspectRatio: 1,
    // Shift chooses a second point here, it draws no lasso.
    actionKeyMap: {},
    lassoOnLongPress: false,
    deselectOnDblClick: false,
    deselectOnEscape: false,
    spatialIndexUseWorker: false,
  };
  const plot = createScatterplot(options);
  const frame = new MapFrame(plot);
  window.addEventListener('message', (event: MessageEvent<ToMap>) => {
    if (event.source === window.parent && event.origin === window.location.origin) frame.hear(event.data);
  });
  new ResizeObserver(() => frame.label()).observe(canvas);
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'failed', error: error instanceof Error ? error.message : String(error) });
}
