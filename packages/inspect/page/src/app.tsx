// The page: what run this is, and its three views of it.
import { useState } from 'react';
import type { ConceptColumns, RunAnswer } from '../../src/answers.js';
import { Concepts } from './concepts.js';
import { Edits } from './edits.js';
import { Generate } from './generate.js';
import { Failure } from './pieces.js';
import { useAnswer } from './use-answer.js';

const TABS = ['Concepts', 'Generate', 'Edits'] as const;
type Tab = (typeof TABS)[number];

export function App() {
  const run = useAnswer<RunAnswer>('run');
  const columns = useAnswer<ConceptColumns>('concepts');
  const [tab, setTab] = useState<Tab>('Concepts');
  const [shown, setShown] = useState<number>();
  if (run.error !== undefined || columns.error !== undefined) return <Failure message={run.error ?? columns.error!} />;
  if (run.answer === undefined || columns.answer === undefined) return <p className="wait">reading the run …</p>;
  const { name, conceptCount, clusterCount, lemmaCount } = run.answer;
  const showConcept = (id: number): void => {
    setShown(id);
    setTab('Concepts');
  };
  return (
    <>
      <header>
        <h1>
          Strata <span className="run">{name}</span>
        </h1>
        <nav aria-label="views">
          {TABS.map((each) => (
            <button
              key={each}
              type="button"
              aria-current={each === tab ? 'page' : undefined}
              onClick={() => setTab(each)}
            >
              {each}
            </button>
          ))}
        </nav>
        <p className="facts">
          {lemmaCount.toLocaleString('en')} lemmas in {conceptCount.toLocaleString('en')} concepts,{' '}
          {clusterCount.toLocaleString('en')} of two or more
        </p>
      </header>
      {/* All stay there, so that going back finds what was left. */}
      <main hidden={tab !== 'Concepts'}>
        <Concepts columns={columns.answer} run={run.answer} asked={shown} />
      </main>
      <main hidden={tab !== 'Generate'}>
        <Generate columns={columns.answer} run={run.answer} onConcept={showConcept} />
      </main>
      <main hidden={tab !== 'Edits'}>{tab === 'Edits' && <Edits run={run.answer} />}</main>
    </>
  );
}
