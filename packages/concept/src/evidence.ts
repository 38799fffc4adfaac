// What the frozen base says about which lemmas can stand in one another's slots: the proposer's evidence.
// Substitution profiles follow McCarthy & Navigli (2007) and Amrami & Goldberg (2019): a word is known by its substitutes.
import { eligiblePartsOfSpeech, isEligible, type LemmaEntry } from './lemma.js';

/** L frequent lemmas with what the base says of them; row i of every matrix belongs to `lemmas[i]`. */
export interface SubstitutionEvidence {
  /** The L lemmas, open classes only. */
  readonly lemmas: readonly LemmaEntry[];
  /** [L, P] mean lift in nats of candidate form p in this lemma's slots: log p(form | slot) - log p(form). */
  readonly profile: Float32Array;
  /** [P] lemma id of each column's form; several columns may be forms of one lemma. */
  readonly columnLemma: Int32Array;
  /** [L, D] mean hidden state of the base where it predicts the slot. */
  readonly before: Float32Array;
  /** [L, D] mean hidden state of the base at the word's last piece. */
  readonly after: Float32Array;
}

/** Evidence whose arrays do not fit together, or hold what is no number. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}

function checkFinite(name: string, values: Float32Array, width: number, lemmas: readonly LemmaEntry[]): void {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index]!)) {
      const lemma = lemmas[Math.floor(index / width)]!;
      throw new EvidenceError(
        `evidence.${name}, row of "${lemma.name}", column ${index % width}: ${values[index]} found; every value must be finite. ` +
          'Give 0 where the base was not asked.',
      );
    }
  }
}

/** Checks shapes, numbers and parts of speech, and returns the widths `{ rows: L, columns: P, width: D }`; throws EvidenceError. */
export function checkEvidence(evidence: SubstitutionEvidence): { rows: number; columns: number; width: number } {
  const { lemmas, profile, columnLemma, before, after } = evidence;
  const rows = lemmas.length;
  const columns = columnLemma.length;
  const seen = new Set<number>();
  for (const lemma of lemmas) {
    if (!isEligible(lemma.pos)) {
      throw new EvidenceError(
        `evidence.lemmas holds "${lemma.name}" with part of speech ${lemma.pos}; accepted are ${eligiblePartsOfSpeech.join(', ')}. ` +
          'Leave out function words, names, numbers and spelled units: they stay single.',
      );
    }
    if (seen.has(lemma.id)) {
      throw new EvidenceError(`evidence.lemmas holds "${lemma.name}" (id ${lemma.id}) twice. Give each lemma one row.`);
    }
    seen.add(lemma.id);
  }
  if (profile.length !== rows * columns) {
    throw new EvidenceError(
      `evidence.profile holds ${profile.length} values; [L, P] = [${rows}, ${columns}] needs ${rows * columns}. Give one row a lemma and one column an entry of columnLemma.`,
    );
  }
  if (before.length !== after.length || (rows > 0 && before.length % rows !== 0)) {
    throw new EvidenceError(
      `evidence.before holds ${before.length} values and evidence.after ${after.length}; both must be [L, D] with L = ${rows}. Give both from the same layer width.`,
    );
  }
  const width = rows > 0 ? before.length / rows : 0;
  checkFinite('profile', profile, columns, lemmas);
  checkFinite('before', before, width, lemmas);
  checkFinite('after', after, width, lemmas);
  return { rows, columns, width };
}
