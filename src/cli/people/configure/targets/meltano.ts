import { dirname } from 'node:path';
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { ConnectorError } from '../../../../core/errors.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { shellWords } from '../words.ts';
import { NAME, pluginFor, selectionOf } from './meltano-plugin.ts';
import type { Platform } from './platform.ts';

/**
 * The extractor in a meltano.yml; everything else there stays as it is, comments included. The access token is not written there: the
 * file is one that people share.
 */
export const meltano: Platform = {
  file: 'meltano.yml',
  what: 'Meltano project',
  selectionIn: (text) => {
    const plugin = pluginIn(documentOf(text));
    return plugin === undefined ? undefined : selectionOf(plugin.toJSON() as JsonObject);
  },
  write: (text, wanted) => {
    const document = documentOf(text ?? 'version: 1\n');
    const plugin = pluginIn(document) ?? addPlugin(document);
    const before = plugin.toJSON() as JsonObject;
    for (const [key, value] of Object.entries(pluginFor(before, wanted)))
      if (JSON.stringify(value) !== JSON.stringify(before[key])) plugin.set(key, document.createNode(value));
    return document.toString({ lineWidth: 0 });
  },
  next: ({ catalog }) => {
    const folder = dirname(catalog);
    const run = `meltano run ${NAME} target-jsonl`;
    return folder === '.' ? run : `cd ${shellWords([folder])} && ${run}`;
  },
};

function documentOf(text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw refuse(`is not YAML (line ${String(error.linePos?.[0].line ?? 1)})`);
  if (document.contents !== null && !isMap(document.contents)) throw refuse('is no Meltano project');
  return document;
}

function pluginIn(document: Document): YAMLMap | undefined {
  const extractors = document.getIn(['plugins', 'extractors']);
  return isSeq(extractors) ? extractors.items.filter(isMap).find((plugin) => plugin.get('name') === NAME) : undefined;
}

function addPlugin(document: Document): YAMLMap {
  const plugin = document.createNode({ name: NAME }) as YAMLMap;
  const extractors = document.getIn(['plugins', 'extractors']);
  if (isSeq(extractors)) extractors.add(plugin);
  else document.setIn(['plugins', 'extractors'], document.createNode([plugin]));
  return plugin;
}

function refuse(what: string): ConnectorError {
  return new ConnectorError('config', `it ${what}`);
}
