// A concept's card: members, forms, evidence, what was kept apart, neighbours, contexts, gestalts, and a person's edits.
import { useState } from 'react';
import type {
  CardAnswer,
  ConceptColumns,
  ContextsAnswer,
  EditsAnswer,
  EvidenceAnswer,
  GestaltAnswer,
  RunAnswer,
} from '../../src/answers.js';
import { ask, messageOf } from './ask.js';
import { tagName } from './parts-of-speech.js';
import { Bar, ConceptButton, ConceptSearch, Failure, percent } from './pieces.js';
import { useAnswer } from './use-answer.js';

export interface CardProps {
  readonly id: number;
  readonly columns: ConceptColumns;
  readonly run: RunAnswer;
  readonly onConcept: (id: number) => void;
}

/** An edit as the page asks for it; members are lemma ids. */
type Edit =
  | { readonly kind: 'merge'; readonly concepts: readonly [number, number] }
  | { readonly kind: 'split'; readonly concept: number; readonly off: readonly number[] }
  | { readonly kind: 'forbid'; readonly a: number; readonly b: number };

export function Card({ id, columns, run, onConcept }: CardProps) {
  const { answer: card, error } = useAnswer<CardAnswer>(`concepts/${id}`);
  const [off, setOff] = useState<readonly number[]>([]);
  const [said, setSaid] = useState<{ readonly message: string; readonly failed: boolean }>();
  if (error !== undefined) return <Failure message={error} />;
  if (card === undefined) return <p className="wait">…</p>;
  const edit = async (question: Edit): Promise<void> => {
    try {
      const { edits, dropped } = await ask<EditsAnswer>('edits', question);
      const gone = dropped.length === 0 ? '' : `, in the place of: ${dropped.join('; ')}`;
      setSaid({ message: `Saved: ${edits.at(-1)}${gone}.`, failed: false });
      setOff([]);
    } catch (failed) {
      setSaid({ message: messageOf(failed), failed: true });
    }
  };
  const several = card.members.length > 1;
  return (
    <article className="card">
      <h2>{card.name}</h2>
      <p className="facts">
        {tagName(card.pos)} · {card.count.toLocaleString('en')} uses, {percent(card.share)} of all ·{' '}
        {several ? `coherence ${card.coherence.toFixed(2)}` : 'single: nothing was found to mean the same'} · #{card.id}
      </p>
      <section>
        <h3>Members</h3>
        <ul className="members">
          {card.members.map(({ lemma, name, share, forms }) => (
            <li key={lemma}>
              <div className="member">
                {several && card.editable && (
                  <input
                    type="checkbox"
                    aria-label={`split off ${name}`}
                    title="mark, to split it off"
                    checked={off.includes(lemma)}
                    onChange={() =>
                      setOff(off.includes(lemma) ? off.filter((other) => other !== lemma) : [...off, lemma])
                    }
                  />
                )}
                <strong>{name}</strong>
                <Bar share={share} />
              </div>
              <p className="forms">
                {forms.map(({ slot, form, share: use }) => (
                  <span key={slot} title={`${slot}: ${percent(use)} of its uses`} className={use === 0 ? 'unseen' : ''}>
                    <small>{slot}</small> {form}
                  </span>
                ))}
              </p>
            </li>
          ))}
        </ul>
        {off.length > 0 && (
          <button
            type="button"
            disabled={off.length === card.members.length}
            onClick={() => void edit({ kind: 'split', concept: id, off })}
          >
            Split off{' '}
            {card.members
              .filter(({ lemma }) => off.includes(lemma))
              .map(({ name }) => name)
              .join(', ')}
          </button>
        )}
      </section>
      {card.editable && (
        <details>
          <summary>Merge with another concept</summary>
          <ConceptSearch
            columns={columns}
            label="Which"
            limit={6}
            onConcept={(other) => void edit({ kind: 'merge', concepts: [id, other] })}
          />
        </details>
      )}
      {said !== undefined && (
        <p className={said.failed ? 'failure' : 'saved'} role="status">
          {said.message}{' '}
          {!said.failed && (
            <>
              This run stays as it is; a new one beside it holds it: <code>{run.distil}</code>
            </>
          )}
        </p>
      )}
      {card.links.length > 0 && (
        <Pairs title="Why they are together" pairs={card.links} onForbid={card.editable ? edit : undefined} />
      )}
      {card.apart.length > 0 && <Pairs title="Kept apart" pairs={card.apart} onConcept={onConcept} />}
      <section>
        <h3>Near in meaning</h3>
        <ul className="near">
          {card.near.map(({ id: other, cosine }) => (
            <li key={other}>
              <ConceptButton id={other} columns={columns} onConcept={onConcept} />
              <Bar share={Math.max(0, cosine)} label={cosine.toFixed(2)} />
            </li>
          ))}
        </ul>
      </section>
      <Contexts id={id} />
      <Gestalts id={id} />
    </article>
  );
}

function Pairs({
  title,
  pairs,
  onForbid,
  onConcept,
}: {
  readonly title: string;
  readonly pairs: readonly EvidenceAnswer[];
  readonly onForbid?: ((edit: Edit) => Promise<void>) | undefined;
  readonly onConcept?: (id: number) => void;
}) {
  return (
    <section>
      <h3>{title}</h3>
      <ul className="pairs">
        {pairs.map((pair) => (
          <li key={`${pair.a} ${pair.b}`}>
            <details>
              <summary>
                <span className="names">
                  {pair.names[0]} + {pair.names[1]}
                </span>
                <Bar share={Math.max(0, pair.similarity)} label={pair.similarity.toFixed(2)} />
              </summary>
              <dl>
                <dt>fits the other's slots</dt>
                <dd>
                  {lift(pair.liftAB)} and {lift(pair.liftBA)} nats above chance
                </dd>
                {pair.shared.length > 0 && (
                  <>
                    <dt>both slots also take</dt>
                    <dd>{pair.shared.join(', ')}</dd>
                  </>
                )}
                {pair.verdicts.map(({ judge, accept, reason }) => (
                  <div key={judge + reason}>
                    <dt>
                      {judge} {accept === null ? 'has no opinion' : accept ? 'accepts' : 'refuses'}
                    </dt>
                    <dd>{reason}</dd>
                  </div>
                ))}
              </dl>
              {onForbid !== undefined && (
                <button type="button" onClick={() => void onForbid({ kind: 'forbid', a: pair.a, b: pair.b })}>
                  Never together
                </button>
              )}
              {onConcept !== undefined && pair.otherConcept !== undefined && (
                <button type="button" onClick={() => onConcept(pair.otherConcept!)}>
                  Show {pair.names[1]}
                </button>
              )}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function lift(nats: number | null): string {
  return nats === null ? 'unknown' : nats.toFixed(1);
}

function Contexts({ id }: { readonly id: number }) {
  const { answer, error } = useAnswer<ContextsAnswer>(`concepts/${id}/contexts`);
  return (
    <section>
      <h3>In the text</h3>
      {error !== undefined && <p className="hint">The training text is not there: {error}</p>}
      {answer === undefined && error === undefined && <p className="wait">searching …</p>}
      <ul className="contexts">
        {answer?.contexts.map(({ document, before, word, after }) => (
          <li key={before + word + after} title={document}>
            {before}
            <mark>{word}</mark>
            {after}
          </li>
        ))}
      </ul>
      {answer !== undefined && answer.note !== '' && <p className="hint">{answer.note}</p>}
    </section>
  );
}

function Gestalts({ id }: { readonly id: number }) {
  const { answer = [], error } = useAnswer<GestaltAnswer[]>(`concepts/${id}/gestalts`);
  if (error !== undefined) return <Failure message={error} />;
  if (answer.length === 0) return null;
  return (
    <section>
      <h3>Gestalts that expect it</h3>
      <ul className="gestalts">
        {answer.map(({ code, name, examples, probability, times }) => (
          <li key={code}>
            <details>
              <summary>
                <span className="names">{name}</span>
                <span className="times">
                  {percent(probability)}, {times.toFixed(1)}×
                </span>
              </summary>
              {examples.map((example) => (
                <p key={example}>{example}</p>
              ))}
            </details>
          </li>
        ))}
      </ul>
      <p className="hint">Chance that a word of such a sentence is of this concept, and how many times the usual.</p>
    </section>
  );
}
