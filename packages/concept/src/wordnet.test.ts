// WordNet is read from its own files, found by search rather than held in memory, and a broken file says so.
import { describe, expect, it } from 'vitest';
import { WordNet } from './wordnet.js';
import { archiveMembers, readWordNetFiles, WordNetFormatError } from './wordnet-files.js';

const files = await readWordNetFiles();

/** One ustar member: a header whose checksum adds up, and its content in whole blocks. */
function tarMember(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write(content.length.toString(8).padStart(11, '0'), 124, 'latin1');
  header.write('        0', 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content, 'latin1');
  return Buffer.concat([header, body]);
}

describe('archiveMembers', () => {
  it('reads every member whole', () => {
    const long = 'x'.repeat(513);
    const members = archiveMembers(
      Buffer.concat([
        tarMember('dict/a', 'one'),
        tarMember('dict/b', long),
        tarMember('empty', ''),
        Buffer.alloc(1024),
      ]),
    );
    expect([...members].map(([name, content]) => [name, content.toString()])).toEqual([
      ['dict/a', 'one'],
      ['dict/b', long],
      ['empty', ''],
    ]);
  });

  it('refuses a wrong checksum and a member cut short', () => {
    const bent = tarMember('dict/a', 'one');
    bent[3] = bent[3]! ^ 1;
    expect(() => archiveMembers(bent)).toThrow(WordNetFormatError);
    expect(() => archiveMembers(tarMember('dict/a', 'x'.repeat(513)).subarray(0, 1024))).toThrow(/does not add up/);
  });
});

describe.skipIf(files === undefined)('WordNet', () => {
  it('finds every word of the index by search, with all its senses (every 40th word tried)', () => {
    const wordnet = new WordNet(files!);
    for (const [pos, file] of [
      ['NOUN', 'index.noun'],
      ['VERB', 'index.verb'],
      ['ADJ', 'index.adj'],
      ['ADV', 'index.adv'],
    ] as const) {
      const lines = files![file]
        .toString('latin1')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith(' '));
      expect(lines.length).toBeGreaterThan(4000);
      const tried = [...lines.filter((_, index) => index % 40 === 0), lines.at(-1)!];
      for (const line of tried) {
        const [word, , count] = line.split(' ');
        const senses = wordnet.senses(word!, pos);
        expect(senses.length, word).toBe(Number(count));
        expect(senses.reduce((sum, sense) => sum + sense.share, 0)).toBeCloseTo(1, 9);
        for (const { synset } of senses) expect(synset.words).toContain(word!.toLowerCase());
      }
    }
  });

  it('knows the commonest sense by its count, and nothing of what is not there', () => {
    const wordnet = new WordNet(files!);
    const [commonest] = wordnet.senses('Big', 'ADJ');
    expect(commonest!.synset.words).toEqual(['large', 'big']);
    expect(commonest!.share).toBeGreaterThan(0.8);
    for (const word of ['zzzzzz', '', 'big%', '\n', '!!', 'Ċ']) expect(wordnet.senses(word, 'NOUN')).toEqual([]);
    expect(wordnet.senses('hot dog', 'NOUN').length).toBeGreaterThan(0);
  });

  it('says which file is broken, and where', () => {
    const data = Buffer.from(files!['data.adj']);
    const offset = new WordNet(files!).senses('big', 'ADJ')[0]!.synset.offset;
    data.write('x', offset + 3);
    expect(() => new WordNet({ ...files!, 'data.adj': data }).senses('big', 'ADJ')).toThrow(
      new RegExp(`data\\.adj: no synset starts at byte ${offset}`),
    );
    expect(() => new WordNet(files!).synset('NOUN', 3)).toThrow(WordNetFormatError);
    expect(() => new WordNet(files!).synset('NOUN', 2 ** 40)).toThrow(WordNetFormatError);
  });
});
