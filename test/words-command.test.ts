// `strata words` as a person uses it: files and pipes, readable units, gold of one's own, and refusals that leave nothing.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bytesFromText } from '@strata/text';
import { describe, expect, it } from 'vitest';
import { refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
import { HARD_TEXTS } from './words-any-text.js';

const PAGE = `"Don't you think she's well-known?" said Mr. Brown's sister.

"I'd say so," he replied; "they've read Alice's books, and the children's. We aren't first!"
The dogs' tails wagged at 10:30. It cost 1,000.50 pounds... The biggest mice were caught, weren't they?
HE HAD GONE -- she knew him best.\r
`;

/** A folder with one file, and the path of that file. */
function fileOf(contents: string | Uint8Array, name = 'page.txt'): { folder: string; path: string } {
  const folder = scratchFolder();
  const path = join(folder, name);
  writeFileSync(path, contents);
  return { folder, path };
}

/** A command that has to succeed. */
async function done(argv: readonly string[], stdin?: number) {
  const result = await strata(['words', ...argv], undefined, stdin);
  expect(result.err).not.toContain('strata:');
  expect(result.code).toBe(0);
  return result;
}

describe('strata words show', () => {
  it('shows a page of dialogue so that people can read it', async () => {
    const { out } = await done(['show', fileOf(PAGE).path]);
    expect(`\n${out}`).toMatchInlineSnapshot(`
      "
             0  ¶  "                   "                 PUNCT
             1     Do                  do                AUX    Title
             3     n't                 not               PART   clitic=yes
             7     ␣you                you               PRON   person=second
            11     ␣think              think             VERB
            17     ␣she                she               PRON   person=third number=singular case=nominative gender=feminine
            20     's                  be                AUX    number=singular person=third verbForm=finite tense=present clitic=yes
            23     ␣well               well              ADV
            27     -                   -                 PUNCT
            28     known               know              VERB   verbForm=participle tense=past
            33     ?                   ?                 PUNCT
            34     "                   "                 PUNCT
            36     ␣said               say               VERB   verbForm=finite tense=past
            41     ␣Mr.                mr.               PROPN  Title
            45     ␣Brown              brown             PROPN  Title
            50     's                  's                PART   case=possessive
            53     ␣sister             sister            NOUN
            59     .                   .                 PUNCT
            62  ¶  ␊␊"                 "                 PUNCT
            63     I                   i                 PRON   person=first number=singular case=nominative Title
            64     'd                  would             AUX    clitic=yes
            67     ␣say                say               VERB
            71     ␣so                 so                ADV
            73     ,                   ,                 PUNCT
            74     "                   "                 PUNCT
            76     ␣he                 he                PRON   person=third number=singular case=nominative gender=masculine
            79     ␣replied            reply             VERB   verbForm=finite tense=past
            86     ;                   ;                 PUNCT
            88     ␣"                  "                 PUNCT
            89     they                they              PRON   person=third number=plural case=nominative
            93     've                 have              AUX    clitic=yes
            97     ␣read               read              VERB   verbForm=participle tense=past
           102     ␣Alice              alice             PROPN  Title
           107     's                  's                PART   case=possessive
           110     ␣books              book              NOUN   number=plural
           115     ,                   ,                 PUNCT
           117     ␣and                and               CCONJ
           121     ␣the                the               DET
           125     ␣children           child             NOUN   number=plural
           133     's                  's                PART   case=possessive
           135     .                   .                 PUNCT
           137  |  ␣We                 we                PRON   person=first number=plural case=nominative Title
           140     ␣are                be                AUX    number=plural verbForm=finite tense=present
           143     n't                 not               PART   clitic=yes
           147     ␣first              first             ADJ
           152     !                   !                 PUNCT
           153     "                   "                 PUNCT
           155  |  ␊The                the               DET    Title
           159     ␣dogs               dog               NOUN   number=plural
           163     '                   '                 PUNCT
           165     ␣tails              tail              NOUN   number=plural
           171     ␣wagged             wag               VERB   verbForm=finite tense=past
           178     ␣at                 at                ADP
           181     ␣10                 10                NUM
           183     :                   :                 PUNCT
           184     30                  30                NUM
           186     .                   .                 PUNCT
           188  |  ␣It                 it                PRON   person=third number=singular gender=neuter Title
           191     ␣cost               cost              VERB   verbForm=finite tense=past
           196     ␣1,000.50           1,000.50          NUM
           205     ␣pounds             pound             NOUN   number=plural
           211     ...                 ...               PUNCT
           215  |  ␣The                the               DET    Title
           219     ␣biggest            big               ADJ    degree=superlative
           227     ␣mice               mouse             NOUN   number=plural
           232     ␣were               be                AUX    number=plural verbForm=finite tense=past
           237     ␣caught             catch             VERB   verbForm=participle tense=past
           243     ,                   ,                 PUNCT
           245     ␣were               be                AUX    number=plural verbForm=finite tense=past
           249     n't                 not               PART   clitic=yes
           253     ␣they               they              PRON   person=third number=plural case=nominative
           257     ?                   ?                 PUNCT
           259  |  ␊HE                 he                PRON   person=third number=singular case=nominative gender=masculine UPPER
           262     ␣HAD                have              AUX    verbForm=finite tense=past UPPER
           266     ␣GONE               go                VERB   verbForm=participle tense=past UPPER
           271     ␣--                 --                PUNCT
           274     ␣she                she               PRON   person=third number=singular case=nominative gender=feminine
           278     ␣knew               know              VERB   verbForm=finite tense=past
           283     ␣him                he                PRON   person=third number=singular case=objective gender=masculine
           287     ␣best               good              ADJ    degree=superlative
           291     .                   .                 PUNCT
           292     ␍␊                  ␍␊                SPACE
      "
    `);
  });

  it('gives each unit as JSON, with offsets in code units and bytes that find it again', async () => {
    const bytes = Buffer.concat([Buffer.from('É’s 😀 mice\t'), Buffer.of(0xff), Buffer.from(' ran.')]);
    const { out } = await done(['show', fileOf(bytes).path, '--json']);
    const units = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    let end = 0;
    for (const { startByte, endByte, gap, surface } of units) {
      expect(startByte).toBe(end + Buffer.byteLength(gap));
      if (surface !== '\udcff') expect(bytes.subarray(startByte, endByte).toString()).toBe(surface);
      end = endByte;
    }
    expect(end).toBe(bytes.length);
    expect(units.find(({ surface }) => surface === 'mice')).toEqual({
      surface: 'mice',
      gap: ' ',
      lemma: 'mouse',
      slot: 'plural',
      axes: { number: 'plural' },
      casing: 'as is',
      variant: 0,
      tag: 'NOUN',
      boundary: 'none',
      start: 7,
      end: 11,
      startByte: 12,
      endByte: 16,
    });
  });

  it('shows encoded words as it shows their text, except for tags, and stops at a limit', async () => {
    const { path } = fileOf(PAGE);
    await done(['encode', path]);
    const ofText = (await done(['show', path, '--json'])).out.trimEnd().split('\n');
    const ofFile = (await done(['show', `${path}.words`, '--json'])).out.trimEnd().split('\n');
    const untagged = ofText.map((line) => ({ ...JSON.parse(line), tag: undefined }));
    expect(ofFile.map((line) => ({ ...JSON.parse(line), tag: undefined }))).toEqual(untagged);
    for (const from of [path, `${path}.words`]) {
      expect((await done(['show', from, '--limit', '7'])).out.trimEnd().split('\n')).toHaveLength(7);
    }
  });

  it('reads Spanish', async () => {
    const { out } = await done(['show', fileOf('Los niños comían.').path, '--language', 'spanish', '--json']);
    const lemmas = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).lemma);
    expect(lemmas).toEqual(['el', 'niño', 'comer', '.']);
  });
});

describe('strata words encode and decode', () => {
  it.each(Object.keys(HARD_TEXTS))('give back the very bytes: %s', async (name) => {
    const { folder, path } = fileOf(bytesFromText(HARD_TEXTS[name]!));
    const back = join(folder, 'back');
    await done(['encode', path]);
    await done(['decode', `${path}.words`, '--out', back]);
    expect(readFileSync(back).equals(readFileSync(path))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['back', 'page.txt', 'page.txt.words']);
  });

  it('say what they did', async () => {
    const { path } = fileOf(PAGE.repeat(100));
    const report = await strataJson('words', 'encode', path, '--out', `${path}.x`);
    const encodedBytes = readFileSync(`${path}.x`).length;
    expect(report).toMatchObject({ file: `${path}.x`, bytes: 100 * Buffer.byteLength(PAGE), encodedBytes });
    expect(encodedBytes).toBeLessThan(Buffer.byteLength(PAGE) * 10);
    const { out, err } = await done(['encode', path]);
    expect(out).toMatch(/page\.txt\.words: \d+ bytes \(\d+\.\d%\), \d+ units\n$/);
    expect(err).toMatch(/encode .*page\.txt {2}.*bytes 100%.*bytes\/s/);
  });

  it('stream from standard input and to standard output', async () => {
    const { path } = fileOf(PAGE);
    const input = openSync(path, 'r');
    const { outBytes } = await done(['encode', '-'], input);
    closeSync(input);
    const encoded = fileOf(outBytes);
    const encodedInput = openSync(encoded.path, 'r');
    expect((await done(['decode', '-'], encodedInput)).out).toBe(PAGE);
    closeSync(encodedInput);
    expect((await done(['decode', encoded.path])).out).toBe(PAGE);
  });

  it('leave nothing behind when they are stopped, and the old file as it was', async () => {
    const { folder, path } = fileOf(PAGE.repeat(3000));
    writeFileSync(`${path}.words`, 'old');
    const { code, err } = await strata(['words', 'encode', path], 'encode ');
    expect(code).toBe(130);
    expect(err).toContain('stopped; nothing was written');
    expect(readdirSync(folder).sort()).toEqual(['page.txt', 'page.txt.words']);
    expect(readFileSync(`${path}.words`, 'utf8')).toBe('old');
  });
});

describe('strata words refuses', () => {
  it('what is no file of encoded words, was cut or changed, and leaves nothing', async () => {
    const { folder, path } = fileOf(PAGE.repeat(50));
    await done(['encode', path]);
    const encoded = `${path}.words`;
    const out = join(folder, 'back');
    expect(await refusal(['words', 'decode', path, '--out', out])).toMatch(/does not begin as encoded words do/);
    expect(await refusal(['words', 'decode', path])).toMatch(/does not begin as encoded words do/);
    const whole = readFileSync(encoded);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1]! ^= 4;
    writeFileSync(encoded, flipped);
    expect(await refusal(['words', 'decode', encoded, '--out', out])).toMatch(/page\.txt\.words: .* Next: /);
    expect(await refusal(['words', 'decode', encoded])).toMatch(/page\.txt\.words: .* Next: /);
    writeFileSync(encoded, whole);
    truncateSync(encoded, whole.length - 1);
    expect(await refusal(['words', 'decode', encoded, '--out', out])).toMatch(/it is cut off/);
    // The seal is missing, but all blocks are right: even so nothing goes out.
    expect(await refusal(['words', 'decode', encoded])).toMatch(/it is cut off/);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['page.txt', 'page.txt.words']);
  });

  it('to write over its input, to mix a file with JSON, and what is not there', async () => {
    const { folder, path } = fileOf(PAGE);
    expect(await refusal(['words', 'encode', path, '--out', path])).toMatch(/is the input itself/);
    expect(await refusal(['words', 'encode', path, '--out', '-', '--json'])).toMatch(/name a file with --out/);
    expect(await refusal(['words', 'decode', path, '--json'])).toMatch(/name a file with --out/);
    expect(await refusal(['words', 'encode', join(folder, 'none')])).toMatch(/no such file/);
    expect(await refusal(['words', 'show', folder])).toMatch(/cannot be read \(EISDIR\)/);
    expect(await refusal(['words', 'encode', path, '--language', 'klingon'])).toMatch(/english/);
    expect(await refusal(['words', 'encode', path, '--out', join(folder, 'none', 'x')])).toMatch(/create the folder/);
    mkdirSync(join(folder, 'taken'));
    expect(await refusal(['words', 'encode', path, '--out', join(folder, 'taken')])).toMatch(/a folder stands where/);
    expect(readFileSync(path, 'utf8')).toBe(PAGE);
    expect(readdirSync(folder).sort()).toEqual(['page.txt', 'taken']);
  });
});

describe('strata words check', () => {
  const CONLLU = [
    '# newdoc',
    '# text = The mice ran.',
    '1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_',
    '2\tmice\tmouse\tNOUN\tNNS\tNumber=Plur\t3\tnsubj\t_\t_',
    '3\tran\trun\tVERB\tVBD\tTense=Past|VerbForm=Fin\t0\troot\t_\tSpaceAfter=No',
    '4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_',
    '',
    '# text = They gleep.',
    '1\tThey\tthey\tPRON\tPRP\t_\t2\tnsubj\t_\t_',
    '2\tgleep\tgloop\tVERB\tVBP\tTense=Pres|VerbForm=Fin\t0\troot\t_\tSpaceAfter=No',
    '3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_',
    '',
  ].join('\n');

  it('reads CoNLL-U and says what was missed', async () => {
    const { path } = fileOf(CONLLU, 'gold.conllu');
    const { out } = await done(['check', path]);
    expect(out).toMatch(/CoNLL-U, 7 words, 7 cut alike/);
    expect(out).toMatch(/lemma\s+5\s+4\s+80\.00%/);
    expect(out).toMatch(/gleep\s+gloop\s+gleep\s+1/);
    const report = await strataJson('words', 'check', path);
    expect(report).toMatchObject({ format: 'CoNLL-U', language: 'english', aligned: 7, sentences: { f1: 1 } });
  });

  it('reads paradigms of AGID and of SIGMORPHON', async () => {
    const agid = fileOf('walk V: walked | walking | walks\nmouse N: mice\nbig A: bigger | blargest\nBob N?: Bobs\n');
    expect(await strataJson('words', 'check', agid.path)).toMatchObject({
      format: 'AGID',
      forms: 6,
      leftOut: 1,
      first: { words: 6, right: 5, misses: [{ form: 'big (superlative)', expected: 'blargest', found: 'biggest' }] },
      lemma: { words: 6 },
      slots: { plural: { forms: 1, first: 1, any: 1 } },
    });
    const sigmorphon = fileOf('walk\twalked\tV;PST\nwalk\twalking\tV;V.PTCP;PRS\ncasa\tcasitas\tN;DIM;PL\n');
    const report = await strataJson('words', 'check', sigmorphon.path);
    expect(report).toMatchObject({ format: 'SIGMORPHON', forms: 2, leftOut: 1, first: { right: 2 } });
    const spanish = fileOf('comer\tcomía\tV;IND;PST;1;SG;IPFV\nhablar\thablando\tV;V.CVB;PRS\n');
    await strataJson('words', 'check', spanish.path, '--language', 'spanish');
  });

  it('refuses what is no gold, by name and line', async () => {
    expect(await refusal(['words', 'check', fileOf(PAGE).path])).toMatch(
      /page\.txt: This is no gold that is known here/,
    );
    const spoilt = fileOf('walk V: walked | walking | walks\nnonsense\n');
    expect(await refusal(['words', 'check', spoilt.path])).toMatch(/page\.txt: AGID, line 2/);
    expect(await refusal(['words', 'check', fileOf('a\tb\tV;PST\na\tb\n').path])).toMatch(/SIGMORPHON, line 2/);
    expect(await refusal(['words', 'check', fileOf('# text = a\n1\ta\n').path])).toMatch(/CoNLL-U, line 2/);
    expect(await refusal(['words', 'check', fileOf('').path])).toMatch(/no gold/);
  });
});
