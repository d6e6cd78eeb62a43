import type { Simulator, World } from '../../../simulator/index.ts';
import type { Chance } from '../../engine/support/chance.ts';

/**
 * Changes a workspace at random, and remembers what it changed and when. Every change moves what Intercom promises to move; what the
 * connector's contract leaves out (section 8: a membership that moves no contact, what comes back from the archive) is not done.
 */
export class Changes {
  /** In words, in order. */
  readonly log: string[] = [];
  /** Companies that lists left out at some time, for want of users: Intercom does not tell when they come. */
  readonly comers = new Set<string>();
  /** Contacts that were users and leads at different times. */
  readonly converted = new Set<string>();
  readonly #simulator: Simulator;
  readonly #chance: Chance;
  /** Unix milliseconds by the simulator's clock. */
  readonly #now: () => number;
  readonly #kept: ReadonlySet<string>;
  readonly #changed = new Map<string, number>();
  readonly #contacts: string[];
  readonly #conversations: string[];
  readonly #companies: string[];
  readonly #tickets: string[];
  #names = 0;

  /** @param kept - Ids that the configuration names: they stay */
  constructor(simulator: Simulator, chance: Chance, now: () => number, kept: ReadonlySet<string>) {
    const { world } = simulator;
    this.#simulator = simulator;
    this.#chance = chance;
    this.#now = now;
    this.#kept = kept;
    this.#contacts = idsOf(world.contacts);
    this.#conversations = [...world.conversations.all()].filter(({ ticket }) => ticket === null).map(({ id }) => id);
    this.#companies = idsOf(world.companies);
    this.#tickets = idsOf(world.tickets);
    this.#noteComers();
  }

  /**
   * When anything that shows in a record, or in what belongs to it, was last changed (unix milliseconds).
   *
   * @param showsCompanies - It holds a company, or is one: there users are counted
   */
  lastOf(id: string, showsCompanies: boolean): number {
    const marks = [id, EVERYTHING, ...(showsCompanies ? [COMPANIES] : [])];
    return Math.max(...marks.map((mark) => this.#changed.get(mark) ?? -Infinity));
  }

  /** Changes one thing. */
  strike(): void {
    const { world } = this.#simulator;
    for (;;) {
      const change = this.#chance.pick(this.#kinds)(world);
      if (change === undefined) continue;
      this.log.push(`${new Date(this.#now()).toISOString()} ${change}`);
      this.#noteComers();
      return;
    }
  }

  readonly #kinds: readonly ((world: World) => string | undefined)[] = [
    ...repeated(6, (world: World) =>
      this.#contact((id) => {
        world.contacts.update(id, { name: this.#name() });
        return 'is renamed';
      }),
    ),
    (world) =>
      this.#contact((id) => {
        const role = this.#chance.pick(['user', 'lead']);
        if (world.contacts.get(id)?.role !== role) this.converted.add(id);
        world.contacts.update(id, { role });
        return `is a ${role}`;
      }),
    ...repeated(2, (world: World) => {
      const { id } = world.contacts.add({ role: this.#chance.pick(['user', 'lead']), name: this.#name() });
      this.#contacts.push(id);
      this.#touch(id);
      return `contact ${id} is new`;
    }),
    (world) =>
      this.#contact((id) => {
        this.#drop(this.#contacts, id);
        const [how, act] = this.#chance.pick([
          [
            'is deleted',
            () => {
              world.contacts.delete(id);
            },
          ],
          [
            'is archived',
            () => {
              world.contacts.archive(id);
            },
          ],
        ] as const);
        act();
        this.#touch(COMPANIES);
        return how;
      }),
    (world) =>
      this.#contact((id) => {
        const into = this.#chance.pick(this.#contacts);
        if (into === id || world.contacts.get(into)?.role !== 'user') return undefined;
        this.#drop(this.#contacts, id);
        world.contacts.merge(id, into);
        this.#touch(into);
        this.#touch(COMPANIES);
        return `is merged into ${into}`;
      }),
    ...repeated(2, (world: World) =>
      this.#contact((id) => {
        const tag = this.#one(world.tags);
        world.tagContact(id, tag);
        return `gets tag ${tag}`;
      }),
    ),
    (world) =>
      this.#contact((id) => {
        const tag = this.#one(world.tags);
        world.untagContact(id, tag);
        return `loses tag ${tag}`;
      }),
    ...repeated(2, (world: World) =>
      this.#contact((id) => {
        if (this.#companies.length === 0) return undefined;
        const company = this.#chance.pick(this.#companies);
        world.attachCompany(id, company);
        this.#touch(COMPANIES);
        return `joins company ${company}`;
      }),
    ),
    (world) =>
      this.#contact((id) => {
        if (this.#companies.length === 0) return undefined;
        const company = this.#chance.pick(this.#companies);
        world.detachCompany(id, company);
        this.#touch(COMPANIES);
        return `leaves company ${company}`;
      }),
    (world) =>
      this.#contact((id) => {
        const segment = this.#one(world.segments);
        world.addToSegment(id, segment, { touch: true });
        return `comes into segment ${segment}`;
      }),
    (world) =>
      this.#contact((id) => {
        const segment = this.#one(world.segments);
        world.removeFromSegment(id, segment, { touch: true });
        return `goes out of segment ${segment}`;
      }),
    (world) =>
      this.#contact((id) => {
        const type = this.#one(world.subscriptionTypes);
        const optedIn = this.#chance.next() < 0.5;
        world.subscribe(id, type, { optedIn });
        return `opts ${optedIn ? 'in to' : 'out of'} ${type}`;
      }),
    (world) => this.#contact((id) => `gets note ${world.addNote(id, { body: this.#name() }, { touch: true }).id}`),
    ...repeated(2, (world: World) =>
      this.#contact((id) => {
        world.addEvent(id, { event_name: this.#chance.pick(['invited-friend', 'placed-order']) }, { touch: true });
        return 'does something';
      }),
    ),
    ...repeated(3, (world: World) =>
      this.#conversation((id) => {
        world.conversations.addPart(id, { body: `<p>${this.#name()}</p>` });
        return 'gets a part';
      }),
    ),
    ...repeated(2, (world: World) =>
      this.#conversation((id) => {
        const state = this.#chance.pick(['open', 'closed', 'snoozed']);
        world.conversations.update(id, { state, title: this.#name() });
        return `is ${state}`;
      }),
    ),
    (world) =>
      this.#conversation((id) => {
        const admin = this.#chance.next() < 0.3 ? 0 : Number(this.#one(world.admins));
        world.conversations.update(id, { admin_assignee_id: admin });
        return `is given to admin ${admin}`;
      }),
    (world) => {
      const { id } = world.conversations.add({ title: this.#name(), parts: this.#chance.below(4) });
      this.#conversations.push(id);
      this.#touch(id);
      return `conversation ${id} is new`;
    },
    (world) =>
      this.#conversation((id) => {
        this.#drop(this.#conversations, id);
        world.conversations.delete(id);
        return 'is deleted';
      }),
    (world) => {
      if (this.#tickets.length === 0) return undefined;
      const id = this.#chance.pick(this.#tickets);
      if (this.#chance.next() < 0.5) world.tickets.update(id, { open: this.#chance.next() < 0.5 });
      else world.tickets.addPart(id, { body: `<p>${this.#name()}</p>` });
      this.#touch(id);
      return `ticket ${id} changes`;
    },
    (world) => {
      const { id } = world.tickets.add({ parts: this.#chance.below(3) });
      this.#tickets.push(id);
      this.#touch(id);
      return `ticket ${id} is new`;
    },
    (world) => {
      if (this.#companies.length === 0) return undefined;
      const id = this.#chance.pick(this.#companies);
      world.companies.update(id, { name: this.#name() });
      this.#touch(COMPANIES);
      return `company ${id} is renamed`;
    },
    (world) => {
      const { id } = world.companies.add({ name: this.#name() });
      const contact = this.#chance.pick(this.#contacts);
      world.attachCompany(contact, id);
      this.#companies.push(id);
      this.#touch(COMPANIES);
      this.#touch(contact);
      return `company ${id} is new, with contact ${contact}`;
    },
    (world) => {
      const id = this.#chance.pick(this.#companies.concat(''));
      if (id === '' || this.#kept.has(id)) return undefined;
      this.#drop(this.#companies, id);
      world.companies.delete(id);
      this.#touch(EVERYTHING);
      return `company ${id} is deleted`;
    },
    ...repeated(4, (world: World) => this.#content(world)),
    (world) => {
      const { id } = world.activityLogs.add({});
      return `activity log ${id} is new`;
    },
    (world) => {
      const { id } = world.tags.add({ name: this.#name() });
      return `tag ${id} is new`;
    },
  ];

  /** Something of the lists that are kept whole. */
  #content(world: World): string | undefined {
    const name = this.#chance.pick([
      'articles',
      'collections',
      'internalArticles',
      'newsItems',
      'macros',
      'calls',
      'segments',
    ] as const);
    const collection = world[name];
    const dice = this.#chance.next();
    if (dice < 0.3) {
      const { id } = collection.add({});
      this.#touch(id);
      return `${name} ${id} is new`;
    }
    if (collection.size === 0) return undefined;
    const id = this.#one(collection);
    this.#touch(id);
    if (dice < 0.8 || name === 'segments' || name === 'calls') {
      collection.update(id, { title: this.#name(), name: this.#name() });
      return `${name} ${id} changes`;
    }
    collection.delete(id);
    return `${name} ${id} is deleted`;
  }

  #contact(act: (id: string) => string | undefined): string | undefined {
    if (this.#contacts.length < 3) return undefined;
    const id = this.#chance.pick(this.#contacts);
    const what = act(id);
    if (what !== undefined) this.#touch(id);
    return what && `contact ${id} ${what}`;
  }

  #conversation(act: (id: string) => string): string | undefined {
    if (this.#conversations.length === 0) return undefined;
    const id = this.#chance.pick(this.#conversations);
    const what = act(id);
    this.#touch(id);
    return `conversation ${id} ${what}`;
  }

  #one(collection: { all(): Iterable<{ readonly id: string }> }): string {
    return this.#chance.pick([...collection.all()]).id;
  }

  #touch(id: string): void {
    this.#changed.set(id, this.#now());
  }

  #drop(list: string[], id: string): void {
    list.splice(list.indexOf(id), 1);
  }

  #name(): string {
    return `name ${String(++this.#names)}`;
  }

  #noteComers(): void {
    const { companies } = this.#simulator.world;
    const listed = new Set(companies.listedSlots());
    for (let slot = 0; slot < companies.slotCount; slot++) if (!listed.has(slot)) this.comers.add(companies.idOf(slot));
  }
}

function idsOf(table: { all(): Iterable<{ readonly id: string }> }): string[] {
  return [...table.all()].map(({ id }) => id);
}

function repeated<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

/** Under these a change is noted that may show in many records: in any, or in those that show companies. */
const EVERYTHING = '*';
const COMPANIES = 'companies';
