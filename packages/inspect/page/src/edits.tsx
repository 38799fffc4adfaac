// What a person has asked of the concepts, as it is saved beside the run.
import { useEffect, useState } from 'react';
import type { EditsAnswer, RunAnswer } from '../../src/answers.js';
import { ask, messageOf } from './ask.js';
import { Failure } from './pieces.js';

export function Edits({ run }: { readonly run: RunAnswer }) {
  const [answer, setAnswer] = useState<EditsAnswer>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    ask<EditsAnswer>('edits')
      .then(setAnswer)
      .catch((failed: unknown) => setError(messageOf(failed)));
  }, []);
  const takeBack = async (index: number): Promise<void> => {
    try {
      setAnswer(await ask<EditsAnswer>(`edits/${index}`, { edit: answer!.edits[index] }, 'DELETE'));
      setError(undefined);
    } catch (failed) {
      setError(messageOf(failed));
    }
  };
  return (
    <div className="edits">
      <h2>Edits</h2>
      {error !== undefined && <Failure message={error} />}
      {answer?.edits.length === 0 && (
        <p>
          None yet. On a concept's card words can be split off, merged with another concept, or forbidden to be
          together.
        </p>
      )}
      <ul>
        {answer?.edits.map((line, index) => (
          <li key={line}>
            <span>{line}</span>
            <button type="button" onClick={() => void takeBack(index)}>
              Take back
            </button>
          </li>
        ))}
      </ul>
      {answer !== undefined && (
        <p className="hint">
          They are in <code>{answer.file}</code>. This run's concepts stay as they are; to distil anew beside it, with
          the edits: <code>{run.distil}</code>
        </p>
      )}
    </div>
  );
}
