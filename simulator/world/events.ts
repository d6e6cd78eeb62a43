import { type Json, type JsonObject, type Patch, textOf } from '../json.ts';
import { Dice, hash } from '../random.ts';
import type { ContactTable } from './contacts.ts';
import type { WorldContext } from './context.ts';
import { uuid } from './ids.ts';
import { KIND } from './kinds.ts';
import { EVENT_NAMES } from './words.ts';

/** An event as it is stored: the API shows `row`; its exact time decides where pages are cut. */
export interface StoredEvent {
  readonly milliseconds: number;
  readonly row: JsonObject;
}

/** What contacts did. */
export class EventLog {
  /** Set by the world once all of it exists. */
  contacts!: ContactTable;
  private readonly context: WorldContext;
  private readonly added = new Map<
    number,
    { milliseconds: number; id: string; name: string; metadata: JsonObject }[]
  >();
  private nextId = 0;

  constructor(context: WorldContext) {
    this.context = context;
  }

  /** All events of a contact, newest first, older ones than the API lists included. */
  of(contactId: string): StoredEvent[] {
    const slot = this.contacts.slotOf(contactId);
    return slot === undefined ? [] : this.ofSlot(slot);
  }

  ofSlot(slot: number): StoredEvent[] {
    const count = this.generatedCount(slot);
    const events: StoredEvent[] = [];
    for (let index = 0; index < count; index++) events.push(this.generate(slot, index));
    for (const { milliseconds, id, name, metadata } of this.added.get(slot) ?? []) {
      events.push(this.event(slot, milliseconds, id, name, metadata));
    }
    return events.sort((a, b) => b.milliseconds - a.milliseconds);
  }

  /** The events that the API still lists: those of the last 90 days. */
  recent(slot: number): StoredEvent[] {
    const horizon = (this.context.clock.now() - HORIZON_SECONDS) * 1000;
    return this.ofSlot(slot).filter((event) => event.milliseconds >= horizon);
  }

  /** Every event that the API lists, contact by contact. */
  *all(): Iterable<JsonObject> {
    for (let slot = 0; slot < this.contacts.slotCount; slot++) {
      if (!this.contacts.isHidden(slot)) for (const event of this.recent(slot)) yield event.row;
    }
  }

  /** Counts per event name over the contact's whole life. */
  summary(slot: number): JsonObject[] {
    const byName = new Map<string, { first: number; last: number; count: number }>();
    for (const { milliseconds, row } of this.ofSlot(slot)) {
      const name = textOf(row['event_name']);
      const known = byName.get(name);
      byName.set(
        name,
        known
          ? { ...known, first: milliseconds, count: known.count + 1 }
          : { first: milliseconds, last: milliseconds, count: 1 },
      );
    }
    return [...byName].map(([name, { first, last, count }]) => ({
      name,
      first: iso(first),
      last: iso(last),
      count,
      description: '',
    }));
  }

  /** Records an event; equal ones of one second are all kept. */
  add(contactId: string, partial: Patch = {}): JsonObject {
    const slot = this.contacts.slotOf(contactId);
    if (slot === undefined) throw new Error(`The world has no contact ${contactId}.`);
    const second = typeof partial['created_at'] === 'number' ? partial['created_at'] : this.context.clock.now();
    const events = this.added.get(slot) ?? [];
    const milliseconds =
      second * 1000 + events.filter((event) => Math.floor(event.milliseconds / 1000) === second).length;
    const id =
      typeof partial['id'] === 'string' ? partial['id'] : uuid(this.context.seed, KIND.event + 10, this.nextId++);
    const name = typeof partial['event_name'] === 'string' ? partial['event_name'] : EVENT_NAMES[0]!;
    const metadata = (partial['metadata'] ?? {}) as JsonObject;
    events.push({ milliseconds, id, name, metadata });
    this.added.set(slot, events);
    this.context.revision++;
    return this.event(slot, milliseconds, id, name, metadata).row;
  }

  private generatedCount(slot: number): number {
    if (slot >= this.contacts.generated) return 0;
    const value = hash(this.context.seed, KIND.contactEvents, slot) % 100;
    if (value < 30) return 0;
    return value < 97 ? 1 + (value % 9) : 70 + value;
  }

  private generate(slot: number, index: number): StoredEvent {
    const dice = new Dice(this.context.seed, KIND.event, slot * 256 + index);
    const age = dice.below(index % 5 === 4 ? 300 : 80) * 86_400 + dice.below(86_400);
    const milliseconds = (this.context.start - 61 - age) * 1000 + dice.below(1000);
    return this.event(
      slot,
      milliseconds,
      uuid(this.context.seed, KIND.event, slot * 256 + index),
      dice.pick(EVENT_NAMES),
      metadataOf(dice),
    );
  }

  private event(slot: number, milliseconds: number, id: string, name: string, metadata: JsonObject): StoredEvent {
    const { contacts } = this;
    const row: JsonObject = {
      type: 'event',
      id,
      event_name: name,
      created_at: Math.floor(milliseconds / 1000),
      user_id: contacts.peek(slot, 'external_id') ?? null,
      intercom_user_id: contacts.idOf(slot),
      email: contacts.peek(slot, 'email') ?? null,
      metadata,
    };
    return { milliseconds, row };
  }
}

function metadataOf(dice: Dice): JsonObject {
  const metadata: Record<string, Json>[] = [
    {},
    { format: 'csv', rows: dice.below(2000) },
    { price: { amount: 4900, currency: 'eur' } },
    { link: { url: 'https://lumenworks.example/o/1', value: 'Order 1' }, größe: 'XL' },
  ];
  return dice.pick(metadata);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+00:00');
}

const HORIZON_SECONDS = 90 * 86_400;
