// The languages there are, by name.
import { english } from './english/language.js';
import type { Language } from './language.js';
import { spanish } from './spanish/language.js';

/** Every language plug-in, by the name that configurations and vocabularies use. */
export const LANGUAGES = { english, spanish } as const satisfies Record<string, Language>;

export type LanguageName = keyof typeof LANGUAGES;

/** Names of the languages, for schemas. */
export const LANGUAGE_NAMES = Object.keys(LANGUAGES) as [LanguageName, ...LanguageName[]];
