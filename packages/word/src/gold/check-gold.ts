// Gold of any format that is known here, told apart by its first line and compared with what a language does.
// Formats: CoNLL-U, AGID, SIGMORPHON 2018.
import type { Language } from '../language.js';
import { checkConllu, type QualityReport } from './check-conllu.js';
import { checkForms, type FormsReport } from './check-forms.js';
import { GoldFormatError } from './conllu.js';
import { isAgidLine, isSigmorphonLine, parseAgid, parseSigmorphon } from './forms.js';

/** What a file of gold shows, by what it is. */
export type GoldReport =
  | ({ readonly format: 'CoNLL-U' } & QualityReport)
  | ({ readonly format: 'AGID' | 'SIGMORPHON' } & FormsReport);

/** Checks a language against a file of gold; throws GoldFormatError where the text is none. */
export function checkGold(source: string, language: Language): GoldReport {
  const first = source.split(/\r?\n/u, 1)[0]!;
  if (first.startsWith('#') || first.split('\t').length === 10) {
    return { format: 'CoNLL-U', ...checkConllu(source, language) };
  }
  if (isAgidLine(first)) return { format: 'AGID', ...checkForms(parseAgid(source, language), language) };
  if (isSigmorphonLine(first)) {
    return { format: 'SIGMORPHON', ...checkForms(parseSigmorphon(source, language), language) };
  }
  throw new GoldFormatError(
    'This is no gold that is known here; accepted are CoNLL-U with "# text = " lines, AGID ("walk V: walked | walking | walks"), ' +
      'and SIGMORPHON (lemma, form and features with tabs between).',
  );
}
