import assert from 'node:assert/strict';
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
    await look(bench, project, selection);
    await loadTwice(bench, project, selection, jsonLines);
    await refuseBadToken(bench, project);
    await loadTwice(bench, project, selection.ofAllStreams(), duckdb);
    await withPostgres(POSTGRES_USER, POSTGRES_DATABASE, (server) =>
      loadTwice(bench, project, selection.ofAllStreams(), postgres(server)),
    );
  },
};

/** What Meltano finds out before it loads. */
async function look({ connector, say }: Bench, project: Project, selection: Selection): Promise<void> {
  await withWorkspace(async (simulator) => {
    const streams = await connector.streams(simulator);
    const discovered = await project.run(simulator, ['invoke', 'tap-intercom', '--discover']);
    const catalog = JSON.parse(discovered.stdout) as { readonly streams: readonly { readonly stream: string }[] };
    assert.deepEqual(
      catalog.streams.map(({ stream }) => stream),
      streams.map(({ name }) => name),
    );
    say(`invoke tap-intercom --discover: the ${streams.length} streams that the connector has`);

    const tested = await project.run(simulator, ['config', 'test', 'tap-intercom']);
    assert.match(tested.stdout, /Plugin configuration is valid/);
    say('config test tap-intercom: the configuration is valid');

    const { stdout } = await project.run(simulator, ['select', 'tap-intercom', '--list', '--all']);
    const marks = marksIn(stdout);
    assert.deepEqual(sorted(marks), sorted(selection.marks(streams)));
    const count = (mark: string): string => `${[...marks.values()].filter((each) => each === mark).length} ${mark}`;
    say(`select tap-intercom --list --all: columns ${['automatic', 'selected', 'excluded'].map(count).join(', ')}`);
  });
}

/** What is selected, and again after the workspace has changed: then Meltano hands over the state that it has kept. */
async function loadTwice(
  { connector, say }: Bench,
  project: Project,
  selection: Selection,
  loader: Loader,
): Promise<void> {
  await withWorkspace(async (simulator) => {
    await project.install(simulator, loader.name);
    const streams = selection.narrow(await connector.streams(simulator));
    const expected = new Expected(streams);
    const load = async (): Promise<void> => {
      const due = expected.add(rowsOf(streams, await connector.read(simulator, streams)), simulator.world);
      const rows = await project.load(simulator, loader.name, { ...loader.settings, ...selection.settings });
      const compared = expected.compare(await loader.tables(project.folder, streams), loader.asStored);
      assert.equal(rows, due, 'More or fewer rows came than are new or have changed');
      say(`run tap-intercom ${loader.name}: ${rows} rows: ${compared}, without ${selection.deselected.join(', ')}`);
    };
    await load();
    letADayPass(simulator);
    await load();
  });
}

async function refuseBadToken({ say }: Bench, project: Project): Promise<void> {
  await withWorkspace(async (simulator) => {
    const settings = { TAP_INTERCOM_ACCESS_TOKEN: 'not-the-token' };
    const { stderr } = await project.run(simulator, ['run', 'tap-intercom', jsonLines.name], settings, 1);
    const [message] = /Intercom answered 401 .*Set `access_token` to a valid token/.exec(stderr) ?? [];
    assert(message !== undefined, `The run did not say why it failed:\n${stderr}`);
    say(`a bad token fails the run: ${message}`);
  });
}

function sorted(map: ReadonlyMap<string, string>): readonly string[] {
  return [...map].map((entry) => entry.join(' ')).sort();
}
