// The map's own frame: draws points with regl-scatterplot (WebGL) and tells the page what was pointed at.
// It stands apart because regl compiles its draw calls, which the page's own policy forbids.
import createScatterplot from 'regl-scatterplot';
import './map-frame.css';
import type { FromMap, Placed, ToMap } from './map-messages.js';

/** Labels shown at once, and the room that each takes, in pixels. */
const LABELS = 60;
const ROOM = { width: 110, height: 26 };
/** A press that moves further than this is a drag. */
const STILL = 4;

const canvas = document.getElementById('map') as HTMLCanvasElement;
const tell = (message: FromMap): void => window.parent.postMessage(message, window.location.origin);

type Plot = ReturnType<typeof createScatterplot>;
type Points = Extract<ToMap, { kind: 'points' }>;

class MapFrame {
  #points: Points | undefined;
  #shown: Set<number> | undefined;
  #mark: readonly [number, number] | null = null;
  #selected: readonly number[] = [];
  #drawn: Promise<unknown> = Promise.resolve();
  #labelling = false;

  constructor(readonly plot: Plot) {
    plot.subscribe('pointOver', (point: number) => tell({ kind: 'hover', at: this.#placed(point) ?? null }));
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
        this.plot.set({
          backgroundColor: message.background,
          pointColor: message.palette.length > 1 ? [...message.palette] : [message.palette[0]!, message.palette[0]!],
          pointColorActive: message.active,
          pointColorHover: message.active,
          colorBy: 'category',
          sizeBy: 'value',
          pointSize: [2, 3, 4, 5, 7, 9, 12],
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
      if (this.#points === undefined) return;
      const taken = new Set<string>();
      const labels: Placed[] = [];
      const consider = (point: number): void => {
        const at = this.#placed(point);
        if (at === undefined) return;
        if (at.x < 0 || at.y < 0 || at.x > canvas.clientWidth || at.y > canvas.clientHeight) return;
        const column = Math.round(at.x / ROOM.width);
        const row = Math.round(at.y / ROOM.height);
        if (taken.has(`${column} ${row}`)) return;
        for (const aside of [-1, 0, 1]) taken.add(`${column + aside} ${row}`);
        labels.push(at);
      };
      for (const point of this.#selected) consider(point);
      for (const point of this.#points.order) {
        if (labels.length >= LABELS) break;
        if (this.#shown === undefined || this.#shown.has(point)) consider(point);
      }
      tell({ kind: 'labels', labels, mark: this.#mark === null ? null : this.#screenOf(this.#mark) });
    });
  }

  #dataOf(point: number): [number, number] {
    return [this.#points!.x[point]!, this.#points!.y[point]!];
  }

  #placed(point: number): Placed | undefined {
    const at = this.plot.getScreenPosition(point);
    return at === undefined ? undefined : { point, x: at[0], y: at[1] };
  }

  /** The screen is an even scaling of the data: read off two points that lie apart. */
  #axes(): { scale: readonly [number, number]; offset: readonly [number, number] } | undefined {
    if (this.#points === undefined || this.#points.x.length < 2) return undefined;
    const { x, y } = this.#points;
    const ends = (values: Float32Array): [number, number] => {
      let [least, most] = [0, 0];
      for (let i = 1; i < values.length; i++) {
        if (values[i]! < values[least]!) least = i;
        if (values[i]! > values[most]!) most = i;
      }
      return [least, most];
    };
    const axis = (values: Float32Array, of: 0 | 1): { scale: number; offset: number } => {
      const [a, b] = ends(values);
      const [left, right] = [this.plot.getScreenPosition(a)![of], this.plot.getScreenPosition(b)![of]];
      const scale = (right - left) / Math.max(values[b]! - values[a]!, 1e-9);
      return { scale, offset: left - scale * values[a]! };
    };
    const [across, down] = [axis(x, 0), axis(y, 1)];
    return { scale: [across.scale, down.scale], offset: [across.offset, down.offset] };
  }

  #screenOf([x, y]: readonly [number, number]): { x: number; y: number } | null {
    const axes = this.#axes();
    return axes === undefined ? null : { x: axes.offset[0] + axes.scale[0] * x, y: axes.offset[1] + axes.scale[1] * y };
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
      const axes = this.#axes();
      if (axes === undefined) return;
      const { left, top } = canvas.getBoundingClientRect();
      const at = (position: number, of: 0 | 1): number => (position - axes.offset[of]) / axes.scale[of];
      tell({ kind: 'place', at: [at(event.clientX - left, 0), at(event.clientY - top, 1)] });
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
