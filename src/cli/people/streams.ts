import { exclusive, reports, streams as all, usual, type Stream } from '../../streams/index.ts';
import type { Session } from '../session.ts';
import { factsOf } from './stream-facts.ts';
import { isStyled, table, type Column } from './table.ts';

export type ListFormat = 'json' | 'markdown' | 'table';

/** The groups in which streams are shown to people. */
export const GROUPS: readonly { readonly title: string; readonly streams: readonly Stream[] }[] = [
  { title: 'The twelve reports', streams: reports },
  { title: 'What other connectors have', streams: usual },
  { title: 'What no other connector has', streams: exclusive },
];

/** Prints every stream that there is. Asks nobody. */
export async function listStreams(format: ListFormat, session: Session): Promise<boolean> {
  await session.output.write(`${FORMATS[format](session.environment)}\n`);
  return true;
}

const FORMATS: Readonly<Record<ListFormat, (environment: NodeJS.ProcessEnv) => string>> = {
  json: () => JSON.stringify(all.map(describe), undefined, 2),
  markdown: () =>
    GROUPS.map(({ title, streams }) =>
      [
        `## ${title}\n`,
        `| ${COLUMNS.map((column) => column.title).join(' | ')} |`,
        `| ${COLUMNS.map(() => '---').join(' | ')} |`,
        ...streams.map((stream) => `| ${cells(stream).join(' | ')} |`),
      ].join('\n'),
    ).join('\n\n'),
  table: (environment) =>
    GROUPS.map(({ title, streams }) =>
      [`${title}\n`, ...table(COLUMNS, streams.map(cells), { isStyled: isStyled(process.stdout, environment) })].join(
        '\n',
      ),
    ).join('\n\n'),
};

function describe(stream: Stream) {
  const { endpoints, parents, cost } = factsOf(stream);
  return {
    name: stream.name,
    title: stream.title,
    primary_key: stream.primaryKey,
    cursor: stream.cursor ?? null,
    sync_modes: stream.cursor === undefined ? ['full_refresh'] : ['full_refresh', 'incremental'],
    permission: stream.permission,
    cost,
    made_from: parents,
    endpoints,
  };
}

function cells(stream: Stream): readonly string[] {
  const { name, title, primaryKey, cursor, permission } = stream;
  return [name, title, primaryKey.join(', '), cursor ?? '', factsOf(stream).cost, permission];
}

const COLUMNS: readonly Column[] = ['Stream', 'Title', 'Key', 'Cursor', 'Cost', 'Permission'].map((title) => ({
  title,
}));
