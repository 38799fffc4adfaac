// Who follows a long work: told how far it is, and let in often enough to end it before its end.
// From: Strata; counting and searching compute for minutes in one thread, where neither a key nor a progress line has its turn.

/** Told how far each part of a long work is. */
export interface Follower {
  /** A part begins, of `total` in `unit`; the part before it is done. */
  begin(part: string, total: number, unit: string): void;
  /** `done` of the part are done. To be awaited often, a few milliseconds apart; what it throws ends the work. */
  reach(done: number): Promise<void>;
}

/** Nobody follows: the work goes on to its end. */
export const unfollowed: Follower = { begin: () => {}, reach: async () => {} };
