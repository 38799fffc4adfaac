// Small pieces that several views share: bars, percentages, errors, and a search for a concept.
import { useId, useMemo, useState } from 'react';
import type { ConceptColumns } from '../../src/answers.js';
import { find } from './find.js';
import { tagName } from './parts-of-speech.js';

export function Failure({ message }: { readonly message: string }) {
  return (
    <p className="failure" role="alert">
      {message}
    </p>
  );
}

/** A probability in few characters. */
export function percent(share: number): string {
  if (share >= 0.9995) return '100%';
  if (share >= 0.1) return `${(100 * share).toFixed(0)}%`;
  return share >= 0.001 ? `${(100 * share).toFixed(1)}%` : '<0.1%';
}

/** A share as a bar with its number. */
export function Bar({ share, label }: { readonly share: number; readonly label?: string }) {
  return (
    <span className="bar">
      <span className="bar-fill" style={{ width: `${Math.max(1, Math.min(100, 100 * share))}%` }} />
      <span className="bar-label">{label ?? percent(share)}</span>
    </span>
  );
}

/** A concept as a button that shows it. */
export function ConceptButton({
  id,
  columns,
  onConcept,
}: {
  readonly id: number;
  readonly columns: ConceptColumns;
  readonly onConcept: (id: number) => void;
}) {
  return (
    <button type="button" className="concept" onClick={() => onConcept(id)}>
      {columns.names[id]}
      <small>{tagName(columns.tags[columns.pos[id]!]!)}</small>
    </button>
  );
}

/** A field in which a concept is sought by its name or a member's. */
export function ConceptSearch({
  columns,
  label,
  onConcept,
  limit = 12,
}: {
  readonly columns: ConceptColumns;
  readonly label: string;
  readonly onConcept: (id: number) => void;
  readonly limit?: number;
}) {
  const [text, setText] = useState('');
  const field = useId();
  const found = useMemo(() => find(columns, text, limit), [columns, text, limit]);
  const take = (id: number): void => {
    setText('');
    onConcept(id);
  };
  return (
    <search className="search">
      <label htmlFor={field}>{label}</label>
      <input
        id={field}
        type="search"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found.length > 0) take(found[0]!);
          if (event.key === 'Escape') setText('');
        }}
      />
      {text.trim() !== '' && (
        <ul className="found">
          {found.map((id) => (
            <li key={id}>
              <ConceptButton id={id} columns={columns} onConcept={take} />
            </li>
          ))}
          {found.length === 0 && <li className="none">no concept has such a member</li>}
        </ul>
      )}
    </search>
  );
}
