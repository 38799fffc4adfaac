// The closed word classes of Spanish with their Universal POS tags, and adverbs and interjections that have no ending to know them by.
// Classes after Real Academia Española 2009, "Nueva gramática", chapters 14 to 31; tags are Universal POS v2 (Nivre et al. 2020).

/** Words by tag; a word under several tags has its commonest first in the order of these lines. */
const CLASSES: readonly (readonly [tag: string, words: string])[] = [
  [
    'DET',
    `el la los las un una unos unas este esta estos estas ese esa esos esas aquel aquella aquellos aquellas mi mis tu tus su sus
    nuestro nuestra nuestros nuestras vuestro vuestra vuestros vuestras cuyo cuya cuyos cuyas todo toda todos todas otro otra
    otros otras mucho mucha muchos muchas poco poca pocos pocas tanto tanta tantos tantas cada algún alguna algunos algunas
    ningún ninguna cualquier varios varias ambos ambas demás sendos sendas cierto cierta ciertos ciertas`,
  ],
  [
    'PRON',
    `yo tú él ella ello nosotros nosotras vosotros vosotras ellos ellas usted ustedes vos me te se nos os le les lo mí ti sí
    conmigo contigo consigo esto eso aquello algo nada nadie alguien alguno ninguno uno quien quienes quién quiénes cual cuales
    cuál cuáles éste ésta éstos éstas ése ésa ésos ésas aquél aquélla aquéllos aquéllas mío mía míos mías tuyo tuya suyo suya
    suyos suyas cualquiera`,
  ],
  [
    'ADP',
    'a ante bajo con contra de del desde durante en entre hacia hasta mediante para por según sin sobre tras al excepto salvo',
  ],
  ['SCONJ', 'que si porque aunque pues como cuando mientras conque'],
  ['CCONJ', 'y e o u ni pero mas sino'],
  [
    'ADV',
    `no más menos muy tan ya aún aun también tampoco siempre nunca jamás bien mal así aquí allí ahí allá acá hoy ayer mañana
    luego después antes entonces ahora todavía casi apenas sólo solo además donde dónde adonde cómo cuándo cuanto cuán tal vez
    quizá quizás acaso demasiado bastante lejos cerca dentro fuera arriba abajo delante detrás encima debajo pronto tarde temprano
    despacio aprisa incluso recién afuera adentro adelante atrás alrededor anoche tanto`,
  ],
  ['INTJ', 'oh ah ay eh hola adiós ea bah ojalá'],
  [
    'NUM',
    `dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta
    setenta ochenta noventa cien ciento mil`,
  ],
];

const TAGS: ReadonlyMap<string, readonly string[]> = (() => {
  const tags = new Map<string, string[]>();
  for (const [tag, words] of CLASSES)
    for (const word of words.split(/\s+/)) {
      const found = tags.get(word);
      if (found === undefined) tags.set(word, [tag]);
      else found.push(tag);
    }
  return tags;
})();

/** Universal POS tags of a word of a closed class, the commonest first; empty for every other word. */
export function closedTags(form: string): readonly string[] {
  return TAGS.get(form) ?? [];
}

/** Words that are determiners before a noun and object pronouns before a verb. */
export const ARTICLE_OR_OBJECT: ReadonlySet<string> = new Set(['la', 'los', 'las']);

/** Pronouns that stand right before a verb: subjects, objects, and the reflexive. */
export const BEFORE_VERB: ReadonlySet<string> = new Set(
  'yo tú él ella ello nosotros nosotras vosotros ellos ellas usted ustedes me te se nos os le les lo no quien quienes'.split(
    ' ',
  ),
);

/** Verbs that help others; the tag of their forms is AUX. */
export const AUXILIARIES: ReadonlySet<string> = new Set(['ser', 'estar', 'haber']);

/** Feminine and plural determiners and pronouns of these lemmas inflect as adjectives do. */
export const INFLECTING: ReadonlySet<string> = new Set(
  `el un este ese aquel él nuestro vuestro cuyo todo otro mucho poco tanto mi tu su le quien cual cierto mío tuyo suyo
  alguno ninguno`.split(/\s+/),
);
