// What the Spanish table takes from no package: the commonest irregular verbs that the package has wrong or lacks, classes of
// stem changes, compounds, determiners and pronouns, a few nouns. From the models of conjugation of Real Academia Española
// 2009, "Nueva gramática", chapter 4.

/** slot -> lemma -> forms, the first choice first; they stand in the place of whatever the package says. */
export const BY_HAND = {
  presentThird: {
    ser: 'es',
    haber: 'ha hay',
    prever: 'prevé',
    errar: 'yerra',
    erguir: 'yergue',
    argüir: 'arguye',
    adquirir: 'adquiere',
  },
  presentSecond: { ser: 'eres' },
  presentThirdPlural: { ser: 'son' },
  presentFirst: {
    cocer: 'cuezo',
    mecer: 'mezo',
    asir: 'asgo',
    ser: 'soy',
    dar: 'doy',
    estar: 'estoy',
    ir: 'voy',
    haber: 'he',
    saber: 'sé',
    caber: 'quepo',
  },
  presentFirstPlural: { ser: 'somos', ir: 'vamos', haber: 'hemos' },
  pastFirst: {
    guiar: 'guié',
    ser: 'fui',
    ir: 'fui',
    haber: 'hube',
    poder: 'pude',
    querer: 'quise',
    dar: 'di',
    ver: 'vi',
    prever: 'preví',
  },
  pastThird: {
    ser: 'fue',
    ir: 'fue',
    haber: 'hubo',
    dar: 'dio',
    ver: 'vio',
    prever: 'previó',
    criar: 'crió',
    reír: 'rió rio',
    sonreír: 'sonrió',
    freír: 'frió frio',
    erguir: 'irguió',
    discernir: 'discernió',
  },
  pastSecond: { ser: 'fuiste', ir: 'fuiste', dar: 'diste' },
  pastFirstPlural: { ser: 'fuimos', ir: 'fuimos', dar: 'dimos' },
  pastThirdPlural: { ser: 'fueron', ir: 'fueron', dar: 'dieron' },
  subjunctive: { ser: 'sea', ir: 'vaya', haber: 'haya', dar: 'dé', estar: 'esté', saber: 'sepa' },
  subjunctiveSecond: { dar: 'des' },
  subjunctiveThirdPlural: { dar: 'den' },
  imperfect: { ser: 'era', ir: 'iba', ver: 'veía', prever: 'preveía' },
  imperfectFirstPlural: { ser: 'éramos', ir: 'íbamos' },
  imperfectThirdPlural: { ser: 'eran', ir: 'iban' },
  participle: {
    solver: 'suelto',
    bendecir: 'bendecido',
    maldecir: 'maldecido',
    imprimir: 'impreso',
    proveer: 'provisto',
    freír: 'frito',
    pudrir: 'podrido',
  },
  gerund: { ser: 'siendo', ir: 'yendo', decir: 'diciendo', poder: 'pudiendo', venir: 'viniendo' },
  futureFirst: {
    bendecir: 'bendeciré',
    maldecir: 'maldeciré',
    predecir: 'predeciré',
    poder: 'podré',
    querer: 'querré',
  },
  plural: {
    el: 'los',
    un: 'unos',
    él: 'ellos',
    este: 'estos',
    ese: 'esos',
    aquel: 'aquellos',
    carácter: 'caracteres',
    régimen: 'regímenes',
    espécimen: 'especímenes',
  },
  feminine: { el: 'la', un: 'una', él: 'ella', este: 'esta', ese: 'esa', aquel: 'aquella' },
  femininePlural: { el: 'las', un: 'unas', él: 'ellas', este: 'estas', ese: 'esas', aquel: 'aquellas' },
};

/** Verbs whose stem changes where it is stressed; [letters that change, what they become], the last such letters of the stem. */
export const STEM_CHANGES = [
  [
    'e',
    'ie',
    `acertar alentar apretar arrendar ascender asentar atender atravesar calentar cerrar comenzar concertar condescender
    confesar defender descender desmentir despertar desterrar discernir empezar encender encerrar encomendar enmendar
    entender enterrar extender fregar gobernar helar herir hervir invertir manifestar mentir merendar negar pensar perder
    plegar preferir quebrar querer recomendar regar reventar segar sembrar sentar sentir sugerir temblar tender tropezar
    verter adherir advertir arrepentir asentir consentir conferir convertir diferir digerir disentir divertir inferir
    ingerir interferir pervertir presentir proferir referir requerir revertir subvertir transferir trascender malherir
    aserrar cegar desplegar empedrar escarmentar estregar nevar replegar sosegar desasosegar restregar subarrendar
    remendar apacentar ensangrentar hender heder desentender sobreentender desalentar`,
  ],
  [
    'o',
    'ue',
    `absolver acordar acostar almorzar apostar aprobar avergonzar cocer colar colgar comprobar concordar consolar contar
    conmover costar demostrar descolgar descontar desconsolar despoblar devolver disolver doler dormir encontrar envolver
    esforzar forzar moler morder morir mostrar mover poblar poder probar promover recordar recostar reforzar remover
    renovar resolver resonar revolcar revolver rodar rogar soldar soler soltar sonar soñar torcer tostar trocar tronar
    volar volcar volver llover retorcer desollar degollar holgar hollar reprobar rescontar forzar amoblar desaprobar
    sobrevolar retronar engrosar colar esforzar condoler discordar`,
  ],
  [
    'e',
    'i',
    `pedir competir concebir conseguir corregir derretir despedir elegir embestir expedir gemir impedir investir medir
    perseguir proseguir regir rendir reñir repetir revestir seguir servir teñir vestir desvestir desteñir ceñir constreñir
    henchir preconcebir reelegir colegir desmedir despedir estreñir heñir`,
  ],
  ['u', 'ue', 'jugar'],
  [
    'i',
    'í',
    `aislar ampliar ansiar arriar ataviar aviar confiar contrariar criar desafiar desconfiar desviar enfriar enviar
    espiar esquiar extraviar fiar fotografiar guiar hastiar liar piar porfiar prohibir resfriar rociar vaciar variar
    cohibir extasiar averiar expiar telegrafiar ahijar`,
  ],
  [
    'u',
    'ú',
    'reunir rehusar aunar aullar maullar actuar continuar situar acentuar efectuar evaluar graduar insinuar atenuar',
  ],
];

/** Compounds inflect as the verb at their end: [that verb, compounds]. */
export const COMPOUNDS = [
  ['tener', 'abstener atener contener detener entretener mantener obtener retener sostener'],
  [
    'poner',
    `anteponer componer contraponer deponer descomponer disponer exponer imponer indisponer interponer oponer posponer
    predisponer presuponer proponer recomponer reponer sobreponer superponer suponer transponer yuxtaponer`,
  ],
  ['venir', 'avenir contravenir convenir devenir intervenir prevenir provenir sobrevenir'],
  ['hacer', 'deshacer rehacer'],
  ['decir', 'contradecir desdecir predecir bendecir maldecir'],
  ['traer', 'abstraer atraer contraer distraer extraer retraer sustraer'],
  ['ver', 'prever'],
  ['salir', 'sobresalir'],
  ['valer', 'equivaler'],
  ['caer', 'decaer recaer'],
  ['reír', 'sonreír'],
  ['querer', 'malquerer'],
  ['conducir', 'aducir deducir inducir introducir producir reducir reproducir seducir traducir'],
  ['escribir', 'describir inscribir prescribir suscribir transcribir'],
  ['cubrir', 'descubrir encubrir recubrir redescubrir'],
  ['abrir', 'reabrir entreabrir'],
  ['volver', 'devolver envolver revolver desenvolver'],
  ['solver', 'absolver disolver resolver'],
];

/** Common regular verbs that the package's list lacks or has only in their Portuguese inflection. */
export const MORE_VERBS = `
  acabar acudir adivinar admirar aguantar alabar alargar alegrar alejar alumbrar alzar amar andar apagar apartar aprender
  arrancar arrojar arrastrar asomar atar ayudar bajar bañar barrer bastar beber besar buscar caer callar caminar cansar cantar
  carecer castigar cazar ceder cenar cobrar coger comer comprar comprender concluir conducir conocer construir contemplar
  contestar correr cortar crear crecer creer cruzar cuidar culpar cumplir curar dañar dar deber decidir dejar desear deshonrar
  destruir disparar dudar durar echar embarcar empujar enfermar engañar enojar enseñar entrar entregar escapar escoger
  escribir escuchar esconder esperar estar estudiar evitar existir faltar fingir formar gastar gritar guardar gustar haber
  hablar hacer hallar huir hundir imaginar importar incluir insistir intentar ir jurar juzgar lanzar lavar leer levantar
  librar limpiar llamar llegar llenar llevar llorar luchar mandar marchar matar merecer meter mirar morar nacer nadar necesitar
  nombrar obedecer obligar ocurrir odiar ofrecer oír oler olvidar ordenar osar parar parecer partir pasar pagar pelear permitir
  pesar pisar poner preguntar preparar prestar procurar prometer quedar quejar quemar quitar recibir recoger reconocer reinar
  reír reparar responder retirar robar romper saber sacar salir saltar saludar salvar satisfacer secar señalar ser subir suceder
  sufrir suspirar tardar temer tener terminar tirar tocar tomar trabajar traer tratar usar valer velar vender ver viajar
  visitar vivir abarcar absorber compensar alternar aterrar emerger sumergir surgir dirigir exigir proteger cubrir abrir
  ahogar arribar asir caber yacer lucir crujir gruñir bullir zambullir atraer nublar acontecer amanecer anochecer envejecer
  añadir aplaudir asustar aumentar averiguar apaciguar atestiguar santiguar borrar brillar bailar cargar celebrar considerar
  consistir convidar derribar descansar desaparecer aparecer establecer permanecer pertenecer padecer perecer agradecer
  enloquecer entristecer enriquecer obscurecer oscurecer favorecer florecer estremecer fallecer apetecer conmover encantar
  enterar equivocar explicar extrañar figurar firmar fijar funcionar ganar habitar heredar huir ignorar imitar inclinar
  inventar invitar jactar juntar labrar lamentar limitar lograr maltratar manchar mejorar mezclar mojar molestar montar mudar
  notar obrar observar obtener ocupar ofender oprimir pintar picar platicar predicar presentar presumir proseguir publicar
  quebrantar rasgar realizar rechazar reclamar recorrer referir reflexionar regalar regresar relatar renunciar rezar rendir
  resistir respetar respirar resultar reventar rodear rogar sanar señorear separar significar sobrar solicitar soplar soportar
  sospechar sostener suplicar suspender sustentar topar traicionar tragar trasladar triunfar vagar vencer vengar verificar
  vigilar volver adquirir erguir mecer`;

/** Entries of the package's list that are no Spanish verbs and have no Portuguese -m to tell them by. */
export const NOT_SPANISH = new Set(['florir', 'colorir', 'falir', 'banir', 'haver', 'reaver', 'solver']);

/** Nouns that end in -s and have no other plural. */
export const INVARIANT_NOUNS =
  'lunes martes miércoles jueves viernes crisis tesis análisis síntesis énfasis paréntesis paraguas virus oasis dosis bis';

/** Slots of which the package's irregular forms are believed; in the others its models guess, and only the list above counts. */
export const BELIEVED = new Set([
  'presentThird',
  'presentFirst',
  'pastFirst',
  'futureFirst',
  'participle',
  'pastThird',
]);

/** Forms of those slots that its models guess wrongly from verbs of a similar end. */
export function isGuess(lemma, slot, form) {
  if (slot === 'participle') return /do$/.test(form) || /^(?:corro|interro)/.test(form);
  if (slot === 'pastFirst') return /gué$/.test(form) || /^(?:re|des)?lucir$/.test(lemma);
  if (slot === 'pastThird') return !/[hf]izo$/.test(form);
  if (slot === 'presentFirst') return !/(?:go|zco|eo)$/.test(form);
  if (slot === 'presentThird') return !/[ae]$/.test(form) && lemma !== 'estar';
  return false;
}
