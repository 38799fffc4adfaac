// A generation with its trace: a row a unit, a chip a choice; a concept can be put in another's place, and all from there
// is rendered again.
import { type FormEvent, useState } from 'react';
import type { ConceptColumns, GenerationAnswer, RunAnswer } from '../../src/answers.js';
import { ask, messageOf } from './ask.js';
import { Failure } from './pieces.js';
import { TraceRows } from './trace.js';

/** A concept put by hand at a unit. */
export interface Put {
  readonly unit: number;
  readonly concept: number;
}

interface Request {
  readonly prompt: string;
  readonly from: string;
  readonly seed: number;
  readonly temperature: number;
  readonly maximumUnits: number;
}

export function Generate({
  columns,
  run,
  onConcept,
}: {
  readonly columns: ConceptColumns;
  readonly run: RunAnswer;
  readonly onConcept: (id: number) => void;
}) {
  const [request, setRequest] = useState<Request>({
    prompt: run.prompt,
    from: run.levels.includes('concept') ? 'concept' : run.levels[0]!,
    seed: 1,
    temperature: 0.7,
    maximumUnits: 40,
  });
  // What the text that is shown was made with: a put goes on from that, not from what stands in the form by now.
  const [made, setMade] = useState<{
    readonly request: Request;
    readonly puts: readonly Put[];
    readonly answer: GenerationAnswer;
  }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const render = async (asked: Request, puts: readonly Put[]): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      setMade({ request: asked, puts, answer: await ask<GenerationAnswer>('generate', { ...asked, puts }) });
    } catch (failed) {
      setError(messageOf(failed));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void render(request, []);
  };
  const put = (unit: number, concept: number): void => {
    if (made === undefined) return;
    // What was put later belonged to a text that is no more.
    void render(made.request, [...made.puts.filter((other) => other.unit < unit), { unit, concept }]);
  };
  const number = (
    key: 'seed' | 'temperature' | 'maximumUnits',
    label: string,
    least: number,
    most: number,
    step = 1,
  ) => (
    <label>
      {label}{' '}
      <input
        type="number"
        min={least}
        max={most}
        step={step}
        value={request[key]}
        onChange={(event) => setRequest({ ...request, [key]: Number(event.target.value) })}
      />
    </label>
  );
  return (
    <div className="generate">
      <form onSubmit={submit}>
        <label className="prompt">
          Prompt{' '}
          <textarea
            rows={2}
            maxLength={4000}
            required
            value={request.prompt}
            onChange={(event) => setRequest({ ...request, prompt: event.target.value })}
          />
        </label>
        <div className="options">
          <label>
            From{' '}
            <select value={request.from} onChange={(event) => setRequest({ ...request, from: event.target.value })}>
              {run.levels.map((level) => (
                <option key={level}>{level}</option>
              ))}
            </select>
          </label>
          {number('seed', 'Seed', 0, 4294967295)}
          {number('maximumUnits', 'Units', 1, 400)}
          {number('temperature', 'Temperature', 0, 2, 0.1)}
          <button type="submit" className="main" disabled={busy}>
            {busy ? 'writing …' : 'Generate'}
          </button>
        </div>
      </form>
      {error !== undefined && <Failure message={error} />}
      {made === undefined && (
        <p className="hint">
          The prompt climbs all levels; the level named decides first, those below render. Each choice is shown with
          what it was chosen over. Click a concept in the trace to put another in its place: all before it stays, all
          after it is rendered again.
        </p>
      )}
      {made !== undefined && (
        <>
          <p className="text" aria-live="polite" aria-busy={busy}>
            <span className="prompt">{made.answer.prompt}</span>
            {made.answer.trace.map(({ text }, unit) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: a unit is its place in the text
                key={unit}
                className={made.puts.some((other) => other.unit === unit) ? 'put' : ''}
              >
                {text}
              </span>
            ))}
          </p>
          {made.puts.length > 0 && (
            <p className="puts">
              Put by hand:{' '}
              {made.puts.map(({ unit, concept }) => (
                <button
                  key={unit}
                  type="button"
                  title="take it back, and what was put after it"
                  onClick={() =>
                    void render(
                      made.request,
                      made.puts.filter((other) => other.unit < unit),
                    )
                  }
                >
                  unit {unit + 1}: {columns.names[concept]} ×
                </button>
              ))}
            </p>
          )}
          <TraceRows answer={made.answer} columns={columns} busy={busy} onPut={put} onConcept={onConcept} />
          <p className="hint">
            {made.answer.trace.length} units from {made.answer.from}, seed {made.answer.seed};{' '}
            {made.answer.endedBy === 'thought' ? 'it ended its paragraph' : 'it reached the limit of units'}.
          </p>
        </>
      )}
    </div>
  );
}
