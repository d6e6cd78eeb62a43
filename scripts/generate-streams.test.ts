import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { factsOf, referencesOf, twinOf } from '../src/cli/people/stream-facts.ts';
import { exclusive, reports, streams, usual } from '../src/streams/index.ts';
import { root } from './generate-sources.ts';
import { streamsPage } from './generate-streams.ts';

const page = readFileSync(new URL('docs/streams.md', root), 'utf8');
const names = streams.map(({ name }) => name as string);

test('docs/streams.md is what the generator writes', () => {
  expect(page).toBe(streamsPage());
});

describe('its tables', () => {
  test.each([
    ['The twelve reports', reports],
    ['What other connectors have', usual],
    ['What no other connector has', exclusive],
  ])('%s: every stream, with its key, cursor and permission', (title, group) => {
    const rows = section(title)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));

    expect(
      rows.map(([, name, , key, cursor, , , , permission]) => [
        ...codes(name),
        codes(key).join(),
        codes(cursor).join(),
        permission,
      ]),
    ).toEqual(
      group.map(({ name, primaryKey, cursor = '', permission }) => [name, primaryKey.join(), cursor, permission]),
    );
  });

  test.each([
    ['conversations', [], 'pages of what changed'],
    ['conversation_parts', ['conversations'], 'one call per changed conversation'],
    ['users_by_segment', ['contacts', 'segments'], 'one search per segment'],
    ['users_by_tag', ['contacts'], 'one call per changed contact, where needed'],
    ['leads_by_id', ['contacts'], 'a search for what is configured'],
    ['events', ['contacts'], 'one call per contact'],
    ['event_summaries', ['contacts'], 'one call per contact'],
    ['contact_attributes', [], 'pages'],
    ['company_tags', ['companies'], 'pages'],
  ])('%s is made from %j and costs %s', (name, parents, cost) => {
    expect(factsOf(streams.find((stream) => stream.name === name)!)).toMatchObject({ parents, cost });
  });

  test('every cost is explained', () => {
    const explained = section('What streams cost');
    const costs = streams.flatMap((stream) => factsOf(stream).cost.split(/, | or /));
    const unknown = costs.filter(
      (cost) => !explained.includes(`_${cost.replace(/(changed) \w+/, '$1 conversation')}_`),
    );
    expect(unknown.filter((words) => words !== 'whichever is fewer')).toEqual([]);
  });
});

describe('its pictures', () => {
  const pictures = [...page.matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const lines = pictures
    .flatMap((text) => [...text.matchAll(/^ {2}(\w+) (?:\|\||\|o)--o[{|] (\w+) : (\w+)$/gm)])
    .map(([, to, from, column]) => `${String(from)}.${String(column)} -> ${String(to)}`);

  test('show streams only, each once', () => {
    for (const text of pictures) {
      const boxes = [...text.matchAll(/^ {2}(\w+) \{$/gm)].map(([, name = '']) => name);
      const ends = [...text.matchAll(/^ {2}(\w+) \S+--\S+ (\w+) :/gm)].flatMap(([, to = '', from = '']) => [to, from]);
      expect(boxes.filter((name) => !names.includes(name))).toEqual([]);
      expect([...new Set(ends)].sort()).toEqual([...boxes].sort());
    }
  });

  test('show every column that refers to another stream', () => {
    const references = streams
      .filter((stream) => twinOf(stream) === undefined)
      .flatMap(referencesOf)
      .map(({ from, column, to }) => `${from}.${column} -> ${to}`);
    expect(lines).toEqual(expect.arrayContaining(references));
    expect(new Set(lines).size).toBe(lines.length);
  });

  test('leave out no stream without saying so', () => {
    const shown = [...pictures.join('\n').matchAll(/^ {2}(\w+) \{$/gm)].map(([, name = '']) => name);
    const named = codes(page.split('### Not in the pictures')[1]?.split('\n## ')[0]);
    expect(names.filter((name) => !shown.includes(name) && !named.includes(name))).toEqual([]);
  });
});

test('it leads to options that are described', () => {
  const configuration = readFileSync(new URL('docs/configuration.md', root), 'utf8');
  const anchors = [...page.matchAll(/\(configuration\.md#(\w+)\)/g)].map(([, anchor = '']) => anchor);
  expect(anchors.length).toBeGreaterThan(0);
  expect(anchors.filter((anchor) => !configuration.includes(`\n## ${anchor}\n`))).toEqual([]);
});

function section(title: string): string {
  return page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
}

function codes(text = ''): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
}
