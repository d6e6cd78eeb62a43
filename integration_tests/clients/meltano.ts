import assert from 'node:assert/strict';
import type { Simulator } from '../../simulator/index.ts';
import { duckdb, jsonLines, postgres, POSTGRES_DATABASE, POSTGRES_USER, type Loader } from './meltano/loaders.ts';
import { Project } from './meltano/project.ts';
import { marksIn, Selection } from './meltano/selection.ts';
import type { Bench, Client } from './support/client.ts';
import { rowsOf } from './support/connector.ts';
import { withPostgres } from './support/postgres.ts';
import { Expected } from './support/tables.ts';
import { letADayPass, withWorkspace } from './support/workspace.ts';

/** Meltano, by `examples/meltano/meltano.yml` as it is. */
export const meltano: Client = {
  name: 'meltano',
  requirements: ['meltano'],
  run: async (bench) => {
    const project = new Project(bench);
    const selection = Selection.in(project.file);
    await withWorkspace(async (simulator) => {
      await look(bench, project, selection, simulator);
      await loadTwice(bench, project, selection, simulator, jsonLines);
      await refuseBadToken(bench, project, simulator);
    });
    await withWorkspace((simulator) => loadTwice(bench, project, selection.ofAllStreams(), simulator, duckdb));
    await withPostgres(POSTGRES_USER, POSTGRES_DATABASE, (server) =>
      withWorkspace((simulator) => loadTwice(bench, project, selection.ofAllStreams(), simulator, postgres(server))),
    );
  },
};

/** What Meltano finds out before it loads. */
async function look(bench: Bench, project: Project, selection: Selection, simulator: Simulator): Promise<void> {
  const streams = await bench.connector.streams(simulator);
  const discovered = await project.run(simulator, ['invoke', 'tap-intercom', '--discover']);
  const catalog = JSON.parse(discovered.stdout) as { readonly streams: readonly { readonly stream: string }[] };
  assert.deepEqual(
    catalog.streams.map(({ stream }) => stream),
    streams.map(({ name }) => name),
  );
  bench.say(`invoke tap-intercom --discover: the ${streams.length} streams that the connector has`);

  const { stdout } = await project.run(simulator, ['select', 'tap-intercom', '--list', '--all']);
  const marks = marksIn(stdout);
  assert.deepEqual(sorted(marks), sorted(selection.marks(streams)));
  const count = (mark: string): string => `${[...marks.values()].filter((each) => each === mark).length} ${mark}`;
  bench.say(`select tap-intercom --list --all: columns ${['automatic', 'selected', 'excluded'].map(count).join(', ')}`);
}

/** What is selected, and again after the workspace has changed: then Meltano hands over the state that it has kept. */
async function loadTwice(
  { connector, say }: Bench,
  project: Project,
  selection: Selection,
  simulator: Simulator,
  loader: Loader,
): Promise<void> {
  await project.install(simulator, loader.name);
  const streams = selection.narrow(await connector.streams(simulator));
  const expected = new Expected(streams);
  const load = async (): Promise<void> => {
    const due = expected.add(rowsOf(streams, await connector.read(simulator, streams)), simulator.world);
    const rows = await project.load(simulator, loader.name, {
      ...loader.settings,
      TAP_INTERCOM__SELECT: JSON.stringify(selection.patterns),
    });
    const compared = expected.compare(await loader.tables(project.folder, streams), loader.asStored);
    assert.equal(rows, due, 'More or fewer rows came than are new or have changed');
    say(`run tap-intercom ${loader.name}: ${rows} rows: ${compared}; ${selection.deselected.join(', ')} are not there`);
  };
  await load();
  letADayPass(simulator);
  await load();
}

async function refuseBadToken({ say }: Bench, project: Project, simulator: Simulator): Promise<void> {
  const settings = { TAP_INTERCOM_ACCESS_TOKEN: 'not-the-token' };
  const { stderr } = await project.run(simulator, ['run', 'tap-intercom', jsonLines.name], settings, 1);
  const [message] = /Intercom answered 401 .*Set `access_token` to a valid token/.exec(stderr) ?? [];
  assert(message !== undefined, `The run did not say why it failed:\n${stderr}`);
  say(`a bad token fails the run: ${message}`);
}

function sorted(map: ReadonlyMap<string, string>): readonly string[] {
  return [...map].map((entry) => entry.join(' ')).sort();
}
