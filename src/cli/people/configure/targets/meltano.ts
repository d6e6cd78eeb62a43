import { dirname } from 'node:path';
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { ConnectorError } from '../../../../core/errors.ts';
import { textOf, type JsonObject } from '../../../../core/json.ts';
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
    const document = documentOf(text ?? NEW_PROJECT);
    const plugin = pluginIn(document) ?? addPlugin(document);
    const before = plugin.toJSON() as JsonObject;
    for (const [key, value] of Object.entries(pluginFor(before, wanted)))
      if (JSON.stringify(value) !== JSON.stringify(before[key])) plugin.set(key, document.createNode(value));
    return document.toString({ lineWidth: 0 });
  },
  next: ({ catalog }, text) => {
    const folder = dirname(catalog);
    const [loader] = loadersIn(documentOf(text));
    const add = loader === undefined ? `meltano add loader ${LOADER} && ` : '';
    const there = folder === '.' ? '' : `cd ${shellWords([folder])} && `;
    return `${there}${add}meltano install && meltano run ${NAME} ${shellWords([loader ?? LOADER])}`;
  },
};

function documentOf(text: string): Document {
  // What looks like a date is quoted: older readers of YAML would take it for one.
  const document = parseDocument(text, { compat: 'yaml-1.1' });
  const [error] = document.errors;
  if (error !== undefined) throw refuse(`is not YAML (line ${String(error.linePos?.[0].line ?? 1)})`);
  if (document.contents !== null && !isMap(document.contents)) throw refuse('is no Meltano project');
  return document;
}

function loadersIn(document: Document): readonly string[] {
  const loaders = document.getIn(['plugins', 'loaders']);
  return isSeq(loaders) ? loaders.items.filter(isMap).map((loader) => textOf(loader.get('name'))) : [];
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

const LOADER = 'target-jsonl';

/** The loader is spelt out, so that it needs nothing but PyPI. */
const NEW_PROJECT = `version: 1
default_environment: prod
environments:
  - name: prod # the state is kept by environment: without one, every run would begin at the beginning
plugins:
  loaders:
    - name: ${LOADER}
      namespace: target_jsonl
      pip_url: target-jsonl==0.1.4
      settings:
        - name: destination_path
          kind: string
      config:
        destination_path: output
`;
