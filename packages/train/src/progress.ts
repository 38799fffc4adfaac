// How far a long job is, for a person who waits: one line redrawn on a terminal, plain lines now and then elsewhere.
// From: Strata; standard error, so that standard output stays for results.

/** What a progress line may show besides count, rate and time left (loss, bits per byte); numbers are cut to 4 digits. */
export type ProgressFields = Readonly<Record<string, number | string>>;

/** Someone who is told how far a job is. */
export interface Progress {
  /** `done` units are done in all; `fields` replace those shown before. */
  update(done: number, fields?: ProgressFields): void;
  /** Shows a message on a line of its own, above the progress line. */
  note(message: string): void;
  /** Shows the last state for good; later calls do nothing. */
  finish(fields?: ProgressFields): void;
}

/** Shows nothing: for --json and for tests. */
export const silentProgress: Progress = {
  update: () => {},
  note: () => {},
  finish: () => {},
};

/** Where to draw and by which clock. */
export interface ProgressOptions {
  readonly stream?: { write(text: string): unknown; readonly columns?: number; readonly isTTY?: boolean };
  readonly isTTY?: boolean;
  /** Units done before this process started, which say nothing about its rate. */
  readonly done?: number;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

const REDRAW_MILLISECONDS = 100;
const LINE_MILLISECONDS = 5000;
// The rate is that of about the last half minute: steps slow down and speed up over hours.
const RATE_MILLISECONDS = 30_000;
// Carriage return and "erase to the end of the line" (ECMA-48).
const START_OF_LINE = '\r\x1b[K';

// From which count on which scale is used: 999,500 already rounds to 1.00M.
const SCALES: readonly { readonly from: number; readonly scale: number; readonly letter: string }[] = [
  { from: 999.5e6, scale: 1e9, letter: 'G' },
  { from: 999.5e3, scale: 1e6, letter: 'M' },
  { from: 1e4, scale: 1e3, letter: 'k' },
];

/** A count for a person: 950, 12.3k, 4.56M. */
export function formatCount(count: number): string {
  for (const { from, scale, letter } of SCALES) {
    if (count >= from) return `${(count / scale).toPrecision(3)}${letter}`;
  }
  return count >= 100 || Number.isInteger(count) ? String(Math.round(count)) : count.toPrecision(2);
}

/** A time for a person: 42s, 3m05s, 2h07m. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}

const formatField = (value: number | string): string =>
  typeof value === 'string' || Number.isInteger(value) ? String(value) : value.toPrecision(4);

class LineProgress implements Progress {
  private readonly stream: NonNullable<ProgressOptions['stream']>;
  private readonly isTTY: boolean;
  private readonly now: () => number;
  private readonly started: number;
  private readonly doneAtStart: number;
  private samples: { time: number; done: number }[];
  private done: number;
  private fields: ProgressFields = {};
  private shownAt: number | undefined;
  private finished = false;

  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly unit: string,
    {
      stream = process.stderr,
      isTTY = stream.isTTY === true,
      done = 0,
      now = () => performance.now(),
    }: ProgressOptions,
  ) {
    this.stream = stream;
    this.isTTY = isTTY;
    this.now = now;
    this.started = now();
    this.doneAtStart = done;
    this.done = done;
    this.samples = [{ time: this.started, done }];
  }

  update(done: number, fields?: ProgressFields): void {
    if (this.finished) return;
    this.done = done;
    if (fields !== undefined) this.fields = fields;
    const time = this.now();
    const wait = this.isTTY ? REDRAW_MILLISECONDS : LINE_MILLISECONDS;
    if (this.shownAt !== undefined && time - this.shownAt < wait) return;
    this.samples.push({ time, done });
    // One sample older than the window stays, to measure the rate from.
    while (this.samples.length > 2 && time - this.samples[1]!.time > RATE_MILLISECONDS) this.samples.shift();
    this.shownAt = time;
    this.show(time);
  }

  note(message: string): void {
    if (this.finished) return;
    this.stream.write(`${this.isTTY ? START_OF_LINE : ''}${message}\n`);
    if (this.isTTY && this.shownAt !== undefined) this.show(this.now());
  }

  finish(fields?: ProgressFields): void {
    if (this.finished) return;
    if (fields !== undefined) this.fields = fields;
    this.finished = true;
    const seconds = (this.now() - this.started) / 1000;
    const rate = seconds > 0 ? (this.done - this.doneAtStart) / seconds : 0;
    this.draw([...this.head(rate), `in ${formatSeconds(seconds)}`]);
    if (this.isTTY) this.stream.write('\n');
  }

  private show(time: number): void {
    const oldest = this.samples[0]!;
    const seconds = (time - oldest.time) / 1000;
    const rate = seconds > 0 ? (this.done - oldest.done) / seconds : 0;
    const left = rate > 0 && this.total > this.done ? [`${formatSeconds((this.total - this.done) / rate)} left`] : [];
    this.draw([...this.head(rate), ...left]);
  }

  private head(rate: number): string[] {
    // Of a pipe nobody knows how much there is.
    const count =
      this.total > 0
        ? `${formatCount(this.done)}/${formatCount(this.total)} ${this.unit} ${Math.floor((100 * this.done) / this.total)}%`
        : `${formatCount(this.done)} ${this.unit}`;
    return rate > 0 ? [count, `${formatCount(rate)} ${this.unit}/s`] : [count];
  }

  private draw(parts: readonly string[]): void {
    const fields = Object.entries(this.fields).map(([name, value]) => `${name} ${formatField(value)}`);
    const line = `${this.label}  ${[...parts, ...fields].join('  ')}`;
    if (!this.isTTY) {
      this.stream.write(`${line}\n`);
      return;
    }
    // A line that wraps could not be redrawn; the last column stays free, as some terminals wrap there.
    const columns = (this.stream.columns || 80) - 1;
    this.stream.write(`${START_OF_LINE}${line.slice(0, columns)}`);
  }
}

/** A progress that draws to `stream` (standard error unless told): `total` of `unit` (0: nobody knows) under `label`. */
export function createProgress(label: string, total: number, unit: string, options: ProgressOptions = {}): Progress {
  return new LineProgress(label, total, unit, options);
}
