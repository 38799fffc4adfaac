// A place between concepts in words: what lies near it, and what the layers that lead down from the concept level say there.
import { useEffect, useState } from 'react';
import type { ConceptColumns, PlaceAnswer } from '../../src/answers.js';
import { ask, messageOf } from './ask.js';
import { Bar, ConceptButton, Failure } from './pieces.js';

/** A concept of a mixture, with its share. */
export interface Part {
  readonly concept: number;
  readonly weight: number;
}

export function PlaceCard({
  mixture,
  columns,
  onConcept,
  onMixture,
}: {
  readonly mixture: readonly Part[];
  readonly columns: ConceptColumns;
  readonly onConcept: (id: number) => void;
  readonly onMixture: (mixture: readonly Part[]) => void;
}) {
  const [answer, setAnswer] = useState<PlaceAnswer>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let current = true;
    ask<PlaceAnswer>('place', { mixture })
      .then((found) => {
        if (!current) return;
        setAnswer(found);
        setError(undefined);
      })
      .catch((failed: unknown) => current && setError(messageOf(failed)));
    return () => {
      current = false;
    };
  }, [mixture]);
  const lean = (weight: number): void =>
    onMixture([
      { concept: mixture[0]!.concept, weight: 1 - weight },
      { concept: mixture[1]!.concept, weight },
    ]);
  return (
    <article className="card">
      <h2>{mixture.length === 2 ? 'Between two concepts' : 'A place on the map'}</h2>
      <section>
        <h3>Mixed of</h3>
        <ul className="near">
          {mixture.map(({ concept, weight }) => (
            <li key={concept}>
              <ConceptButton id={concept} columns={columns} onConcept={onConcept} />
              <Bar share={weight} />
            </li>
          ))}
        </ul>
        {mixture.length === 2 && (
          <input
            type="range"
            aria-label="nearer to the first or to the second"
            min={0.01}
            max={0.99}
            step={0.01}
            value={mixture[1]!.weight}
            onChange={(event) => lean(Number(event.target.value))}
          />
        )}
      </section>
      {error !== undefined && <Failure message={error} />}
      {answer !== undefined && (
        <>
          <section>
            <h3>What would be said here</h3>
            <ul className="near">
              {answer.says.map(({ id, probability }) => (
                <li key={id}>
                  <ConceptButton id={id} columns={columns} onConcept={onConcept} />
                  <Bar share={probability} />
                </li>
              ))}
            </ul>
            <p className="hint">
              The next concept if the concept level's query pointed here, at the length that its weights give a query on
              average; frequency counts.
            </p>
          </section>
          <section>
            <h3>Words near by</h3>
            <p className="words">
              {answer.lemmas.map(({ name, concept, cosine }) => (
                <button
                  key={name + concept}
                  type="button"
                  title={`cosine ${cosine.toFixed(2)}`}
                  onClick={() => onConcept(concept)}
                >
                  {name}
                </button>
              ))}
            </p>
          </section>
          <section>
            <h3>Concepts near by</h3>
            <ul className="near">
              {answer.near.map(({ id, cosine }) => (
                <li key={id}>
                  <ConceptButton id={id} columns={columns} onConcept={onConcept} />
                  <Bar share={Math.max(0, cosine)} label={cosine.toFixed(2)} />
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      {answer === undefined && error === undefined && <p className="wait">…</p>}
    </article>
  );
}
