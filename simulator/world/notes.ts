import { applyPatch, type JsonObject, type Patch, type Row, textOf } from '../json.ts';
import { hash } from '../random.ts';
import type { Collection } from './collection.ts';
import type { CompanyTable } from './companies.ts';
import type { ContactTable } from './contacts.ts';
import type { WorldContext } from './context.ts';
import { KIND } from './kinds.ts';
import { ANSWERS } from './words.ts';

export interface Note extends Row {
  created_at: number;
}

/** Notes on contacts and companies. */
export class Notebook {
  /** Set by the world once all of it exists. */
  neighbours!: { readonly contacts: ContactTable; readonly companies: CompanyTable; readonly admins: Collection };
  private readonly context: WorldContext;
  private readonly addedTo = new Map<string, Note[]>();
  private readonly changes = new Map<string, Patch>();
  private readonly deleted = new Set<string>();
  private nextId = 900_000_000_000;

  constructor(context: WorldContext) {
    this.context = context;
  }

  /** Counts the notes of all contacts and companies. */
  get size(): number {
    let count = 0;
    for (const note of this.all()) count += note.id ? 1 : 0;
    return count;
  }

  get(id: string): Note | undefined {
    const owner = this.ownerOf(id);
    return owner && this.of(owner).find((note) => note.id === id);
  }

  *all(): Iterable<Note> {
    const { contacts, companies } = this.neighbours;
    for (let slot = 0; slot < contacts.slotCount; slot++) if (!contacts.isHidden(slot)) yield* this.ofContact(slot);
    for (const slot of companies.listedSlots()) yield* this.ofCompany(slot);
  }

  /** The notes of a contact, newest first. */
  ofContact(slot: number): Note[] {
    return this.of({ kind: 'contact', slot });
  }

  /** The notes of a company, newest first. */
  ofCompany(slot: number): Note[] {
    return this.of({ kind: 'company', slot });
  }

  idsOfContact(slot: number): string[] {
    if (!this.addedTo.has(keyOf({ kind: 'contact', slot })) && this.deleted.size === 0) {
      const ids: string[] = [];
      for (let index = this.generatedCount({ kind: 'contact', slot }) - 1; index >= 0; index--)
        ids.push(String(CONTACT_NOTES + slot * 16 + index));
      return ids;
    }
    return this.ofContact(slot).map((note) => note.id);
  }

  /** Writes a note on `contact_id` or `company_id`. */
  add(partial: Patch = {}): Note {
    const { contact_id: contactId, company_id: companyId, ...fields } = partial;
    const { contacts, companies } = this.neighbours;
    const kind = companyId === undefined ? 'contact' : 'company';
    const id = textOf(companyId ?? contactId);
    const slot = (kind === 'contact' ? contacts : companies).slotOf(id);
    if (slot === undefined)
      throw new Error(`A note needs the contact_id or company_id of an existing record, not ${id}.`);
    const owner = { kind, slot } as const;
    const note = this.write(owner, String(this.nextId++), this.context.clock.now(), 0);
    applyPatch(note, fields);
    this.addedTo.set(keyOf(owner), [...(this.addedTo.get(keyOf(owner)) ?? []), note]);
    this.context.revision++;
    return note;
  }

  update(id: string, patch: Patch): Note {
    if (!this.get(id)) throw new Error(`The world has no note ${id}.`);
    this.changes.set(id, { ...this.changes.get(id), ...patch });
    this.context.revision++;
    return this.get(id)!;
  }

  delete(id: string): void {
    if (!this.get(id)) throw new Error(`The world has no note ${id}.`);
    this.deleted.add(id);
    this.context.revision++;
  }

  private of(owner: Owner): Note[] {
    const notes: Note[] = [];
    const count = this.generatedCount(owner);
    for (let index = 0; index < count; index++) {
      const times = owner.kind === 'contact' ? this.neighbours.contacts : this.neighbours.companies;
      const created = times.created(owner.slot) + index * 4;
      notes.push(this.write(owner, String(firstId(owner) + index), created, index));
    }
    notes.push(...(this.addedTo.get(keyOf(owner)) ?? []));
    for (const note of notes) applyPatch(note, this.changes.get(note.id) ?? {});
    return notes
      .filter((note) => !this.deleted.has(note.id))
      .sort((a, b) => b.created_at - a.created_at || Number(b.id) - Number(a.id));
  }

  private generatedCount({ kind, slot }: Owner): number {
    if (kind === 'company') return slot < this.neighbours.companies.generated && slot % 6 === 0 ? 1 + (slot % 3) : 0;
    if (slot >= this.neighbours.contacts.generated) return 0;
    if (slot === 1) return 12;
    const value = hash(this.context.seed, KIND.contactNotes, slot) % 100;
    if (value < 75) return 0;
    return value < 95 ? 1 + (value % 3) : 4 + (value % 9);
  }

  private write(owner: Owner, id: string, created: number, index: number): Note {
    const { contacts, companies, admins } = this.neighbours;
    const value = hash(this.context.seed, KIND.contactNotes + 7, owner.slot * 16 + index);
    const author = value % 9 === 0 || admins.count === 0 ? undefined : admins.at(value % admins.count);
    return {
      type: 'note',
      id,
      created_at: created,
      contact: owner.kind === 'contact' ? { type: 'contact', id: contacts.idOf(owner.slot) } : null,
      company: owner.kind === 'company' ? { type: 'company', id: companies.idOf(owner.slot) } : null,
      author: author ? reduced(author) : null,
      body: `<p>${ANSWERS[value % ANSWERS.length]!}</p>`,
    };
  }

  private ownerOf(id: string): Owner | undefined {
    const number = Number(id);
    if (number >= 900_000_000_000) {
      for (const [key, notes] of this.addedTo) {
        if (notes.some((note) => note.id === id))
          return { kind: key.startsWith('contact') ? 'contact' : 'company', slot: Number(key.split(' ')[1]) };
      }
    }
    const kind = number >= CONTACT_NOTES ? 'contact' : 'company';
    const slot =
      kind === 'contact' ? Math.floor((number - CONTACT_NOTES) / 16) : Math.floor((number - COMPANY_NOTES) / 8);
    const table = kind === 'contact' ? this.neighbours.contacts : this.neighbours.companies;
    return Number.isInteger(number) && slot >= 0 && slot < table.slotCount ? { kind, slot } : undefined;
  }
}

interface Owner {
  readonly kind: 'contact' | 'company';
  readonly slot: number;
}

function keyOf({ kind, slot }: Owner): string {
  return `${kind} ${slot}`;
}

function firstId({ kind, slot }: Owner): number {
  return kind === 'contact' ? CONTACT_NOTES + slot * 16 : COMPANY_NOTES + slot * 8;
}

function reduced(admin: JsonObject): JsonObject {
  const { type, id, name, email, away_mode_enabled: away, away_mode_reassign: reassign } = admin;
  return {
    type: type ?? null,
    id: id ?? null,
    name: name ?? null,
    email: email ?? null,
    away_mode_enabled: away ?? null,
    away_mode_reassign: reassign ?? null,
  };
}

const COMPANY_NOTES = 100_000_000;
const CONTACT_NOTES = 500_000_000;
