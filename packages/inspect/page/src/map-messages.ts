// What the page and the map's frame tell each other: numbers and colours, never text from a corpus.

/** From the page to the frame. */
export type ToMap =
  | {
      readonly kind: 'points';
      readonly x: Float32Array;
      readonly y: Float32Array;
      /** Colour of each point, as an index into `palette`. */
      readonly colour: Float32Array;
      readonly palette: readonly string[];
      /** Size of each point, 0 to 1. */
      readonly size: Float32Array;
      /** Points in the order in which they deserve a label. */
      readonly order: Uint32Array;
      readonly background: string;
      readonly active: string;
    }
  | { readonly kind: 'filter'; readonly shown: Uint32Array | null }
  | { readonly kind: 'select'; readonly points: readonly number[]; readonly move: boolean }
  | { readonly kind: 'mark'; readonly at: readonly [number, number] | null };

/** A point and where it is on the screen, in pixels of the frame. */
export interface Placed {
  readonly point: number;
  readonly x: number;
  readonly y: number;
}

/** From the frame to the page. */
export type FromMap =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'labels'; readonly labels: readonly Placed[]; readonly mark: { x: number; y: number } | null }
  | { readonly kind: 'hover'; readonly at: Placed | null }
  | { readonly kind: 'point'; readonly point: number; readonly more: boolean }
  | { readonly kind: 'place'; readonly at: readonly [number, number] };
