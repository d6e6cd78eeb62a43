import type { World } from '../../../../simulator/index.ts';

/** Gives the first contact more of everything than its record shows: such lists are cut at ten, and asked for. */
export function enrich(world: World): void {
  const first = world.contacts.idOf(0);
  const options = { touch: false };
  for (let extra = world.companies.slotCount; extra < 12; extra++) world.companies.add({ name: `Company ${extra}` });
  for (let slot = 0; slot < 12; slot++) world.attachCompany(first, world.companies.idOf(slot), options);
  for (const { id } of world.tags.all()) world.tagContact(first, id, options);
  for (const { id } of world.subscriptionTypes.all()) world.subscribe(first, id, options);
}

/** Changes something of everything, other records in every round. */
export function changeSome(world: World, round: number): void {
  const some = (table: Table, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => table.idOf(2 * round + index));
  const name = `Renamed in round ${round}`;
  for (const [index, id] of some(world.contacts, 6).entries()) {
    world.contacts.update(id, { name });
    world.addEvent(id, { event_name: 'changed-plan' });
    world.addNote(id, { body: '<p>Called back.</p>' }, { touch: index < 3 });
  }
  for (const id of some(world.conversations, 3)) world.conversations.addPart(id);
  for (const id of some(world.tickets, 4)) world.tickets.update(id, { open: false });
  for (const id of some(world.companies, 6)) world.companies.update(id, { name });
  for (const kind of COLLECTIONS)
    for (const { id } of [...world[kind].all()].slice(2 * round, 2 * round + 6)) world[kind].update(id, { name });
  for (let log = 0; log < 5; log++) world.activityLogs.add();
  world.conversations.delete(world.conversations.add({ title: 'Soon gone' }).id);
}

interface Table {
  idOf(slot: number): string;
}

const COLLECTIONS = [
  'admins',
  'articles',
  'calls',
  'collections',
  'helpCenters',
  'internalArticles',
  'macros',
  'newsItems',
  'segments',
  'tags',
] as const;
