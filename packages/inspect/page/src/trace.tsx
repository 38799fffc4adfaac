// The trace: a row a unit, a chip a choice, and for a chip that is opened what it was chosen over.
import { useEffect, useRef, useState } from 'react';
import type { ChoiceAnswer, ConceptColumns, GenerationAnswer } from '../../src/answers.js';
import { Bar, ConceptSearch, percent } from './pieces.js';

/** Levels as columns, the highest first. */
const LEVELS = ['gestalt', 'concept', 'word', 'subword'] as const;
/** A choice as sure as this says nothing, unless all are asked for. */
const CERTAIN = 0.98;
const MINOR = new Set(['boundary', 'features', 'casing', 'gap']);
/** Factors whose value says by itself what it is. */
const PLAIN = new Set(['concept', 'lemma', 'pattern', 'piece', 'spelling']);

export interface TraceProps {
  readonly answer: GenerationAnswer;
  readonly columns: ConceptColumns;
  readonly busy: boolean;
  readonly onPut: (unit: number, concept: number) => void;
  readonly onConcept: (id: number) => void;
}

export function TraceRows({ answer, columns, busy, onPut, onConcept }: TraceProps) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string>();
  const levels = LEVELS.filter((level) =>
    answer.trace.some(({ choices }) => choices.some((choice) => choice.level === level)),
  );
  return (
    <>
      <label className="all">
        <input type="checkbox" checked={all} onChange={() => setAll(!all)} /> show sure choices too
      </label>
      <table className="trace" aria-label="trace of the generation">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">written</th>
            {levels.map((level) => (
              <th key={level} scope="col">
                {level}
              </th>
            ))}
            <th scope="col">bits</th>
          </tr>
        </thead>
        <tbody>
          {answer.trace.map(({ text, choices }, unit) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a unit is its place in the text
            <tr key={unit}>
              <th scope="row">{unit + 1}</th>
              <td className="written">{visible(text)}</td>
              {levels.map((level) => (
                <td key={level}>
                  {choices
                    .filter((choice) => choice.level === level && (all || tells(choice)))
                    .map((choice) => {
                      const key = `${unit} ${choice.level} ${choice.factor}`;
                      return (
                        <Chip
                          key={key}
                          choice={choice}
                          columns={columns}
                          open={open === key}
                          busy={busy}
                          onToggle={() => setOpen(open === key ? undefined : key)}
                          onPut={(concept) => {
                            setOpen(undefined);
                            onPut(unit, concept);
                          }}
                          onConcept={onConcept}
                        />
                      );
                    })}
                </td>
              ))}
              <td className="bits">{paid(choices).toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Bits of a unit. */
function paid(choices: readonly ChoiceAnswer[]): number {
  return choices.reduce((sum, { bits }) => sum + bits, 0);
}

function tells({ factor, probability, put }: ChoiceAnswer): boolean {
  return put === true || !MINOR.has(factor) || probability < CERTAIN;
}

/** White space that would not be seen, as signs. */
function visible(text: string): string {
  return text.replaceAll('\n', '↵').replaceAll('\t', '→').replace(/^ /, '') || '␣';
}

function Chip({
  choice,
  columns,
  open,
  busy,
  onToggle,
  onPut,
  onConcept,
}: {
  readonly choice: ChoiceAnswer;
  readonly columns: ConceptColumns;
  readonly open: boolean;
  readonly busy: boolean;
  readonly onToggle: () => void;
  readonly onPut: (concept: number) => void;
  readonly onConcept: (id: number) => void;
}) {
  const { level, factor, chosen, id, probability, bits, runnersUp, put } = choice;
  const isConcept = level === 'concept' && factor === 'concept' && id !== undefined;
  const holder = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !holder.current?.contains(event.target as Node))
        onToggle();
    };
    document.addEventListener('keydown', away);
    document.addEventListener('mousedown', away);
    return () => {
      document.removeEventListener('keydown', away);
      document.removeEventListener('mousedown', away);
    };
  }, [open, onToggle]);
  return (
    <span className="chip-holder" ref={holder}>
      <button
        type="button"
        className={`chip ${isConcept ? 'is-concept' : ''} ${put ? 'put' : ''}`}
        aria-expanded={open}
        aria-label={`${level} ${factor}: ${chosen}, ${percent(probability)}`}
        onClick={onToggle}
      >
        {!PLAIN.has(factor) && <small>{factor}</small>} {visible(chosen)}{' '}
        <span className="p">{percent(probability)}</span>
      </button>
      {open && (
        <div className="popover" role="dialog" aria-label={`${factor} and what it was chosen over`}>
          <p className="facts">
            {level === factor ? factor : `${level}: ${factor}`}, {bits.toFixed(2)} bits{put ? ', put by hand' : ''}
          </p>
          <ul className="near">
            <li className="taken">
              <span className="name">{visible(chosen)}</span>
              <Bar share={probability} />
            </li>
            {runnersUp.map((other) => (
              <li key={other.name + (other.id ?? '')}>
                {isConcept && other.id !== undefined ? (
                  <button type="button" className="concept" disabled={busy} onClick={() => onPut(other.id!)}>
                    {visible(other.name)} <small>put here</small>
                  </button>
                ) : (
                  <span className="name">{visible(other.name)}</span>
                )}
                <Bar share={other.probability} />
              </li>
            ))}
          </ul>
          {runnersUp.length === 0 && <p className="hint">nothing else was possible</p>}
          {isConcept && (
            <>
              <ConceptSearch columns={columns} label="Put another" limit={6} onConcept={onPut} />
              <button type="button" className="link" onClick={() => onConcept(id)}>
                show {chosen} on the map
              </button>
            </>
          )}
        </div>
      )}
    </span>
  );
}
