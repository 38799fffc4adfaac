// The few greatest of many values with their places, kept in order while values pass by: no list of all is ever sorted.
// From: insertion into a short sorted list; nearly every value fails its last entry, so that it is one pass.

/**
 * Puts a place with its value among the greatest kept in `places` and `values` from `start` on, of which there are `room`, the
 * greatest first; free ones have place -1. Of equal values the one that came first stays first.
 */
export function keepGreatest(
  places: Int32Array,
  values: Float32Array | Float64Array,
  start: number,
  room: number,
  place: number,
  value: number,
): void {
  if (room === 0) return;
  let at = start + room - 1;
  if (places[at] !== -1 && !(value > values[at]!)) return;
  while (at > start && (places[at - 1] === -1 || value > values[at - 1]!)) {
    places[at] = places[at - 1]!;
    values[at] = values[at - 1]!;
    at--;
  }
  places[at] = place;
  values[at] = value;
}

/** The places of the `count` greatest values, the greatest first and equal ones in their order; all of them where there are fewer. */
export function greatestPlaces(values: ArrayLike<number>, count: number): number[] {
  const room = Math.max(0, Math.min(count, values.length));
  const places = new Int32Array(room).fill(-1);
  const kept = new Float64Array(room);
  for (let place = 0; place < values.length; place++) keepGreatest(places, kept, 0, room, place, values[place]!);
  return [...places];
}
