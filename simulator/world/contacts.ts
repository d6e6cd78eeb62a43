import type { Json, JsonObject, Patch, TimedRow } from '../json.ts';
import type { Collection } from './collection.ts';
import type { CompanyTable } from './companies.ts';
import { contactCore, contactFields, externalId } from './contact-fields.ts';
import type { WorldContext } from './context.ts';
import { HexIds } from './ids.ts';
import { KIND } from './kinds.ts';
import type { Links } from './links.ts';
import { isLeadByRule, type Memberships } from './memberships.ts';
import type { Notebook } from './notes.ts';
import { ARCHIVED, LEAD, MERGED, Table } from './table.ts';
import { changeTime, creationTime } from './times.ts';

export interface Contact extends TimedRow {
  role: string;
}

/** Where the nested lists of a contact come from. */
export interface ContactNeighbours {
  readonly memberships: Memberships;
  readonly tags: Collection;
  readonly companies: CompanyTable;
  readonly subscriptionTypes: Collection;
  readonly notes: Notebook;
}

/** Users and leads. */
export class ContactTable extends Table<Contact> {
  /** Set by the world once all of it exists. */
  neighbours!: ContactNeighbours;
  private readonly ids: HexIds;
  private readonly mergedInto = new Map<number, number>();
  private readonly history = new Map<number, JsonObject[]>();
  private readonly externalIds = new Map<string, number>();

  constructor(context: WorldContext) {
    super(context, context.sizes.contacts + formerContacts(context.sizes.contacts));
    const { seed, start, sizes } = context;
    this.ids = new HexIds(seed, KIND.contact);
    for (let slot = 0; slot < this.generated; slot++) {
      const updated = changeTime(seed, KIND.contactTimes, slot, start);
      const lead = isLeadByRule(seed, slot, sizes.leadsPercent) ? LEAD : 0;
      const hidden = slot < sizes.contacts ? 0 : formerFlag(slot - sizes.contacts);
      this.seed(slot, creationTime(seed, KIND.contactTimes, slot, updated), updated, lead | hidden);
    }
    this.mergeFormerContacts();
  }

  override add(partial: Patch = {}): Contact {
    const contact = super.add(partial);
    this.learnExternalId(contact.id, partial);
    return contact;
  }

  override update(id: string, patch: Patch): Contact {
    const contact = super.update(id, patch);
    this.learnExternalId(id, patch);
    return contact;
  }

  archive(id: string): void {
    this.mark(id, ARCHIVED);
  }

  unarchive(id: string): void {
    this.mark(id, ARCHIVED, false);
  }

  /** Merges a contact away; the one it is merged into remembers. */
  merge(id: string, intoId: string, at: number | null = this.context.clock.now()): void {
    const slot = this.slotOf(id);
    const into = this.slotOf(intoId);
    if (slot === undefined || into === undefined)
      throw new Error(`Cannot merge ${id} into ${intoId}: no such contact.`);
    this.changing(intoId, () => {
      this.remember(slot, into, at);
    });
    this.mark(id, MERGED);
  }

  /** The id of the contact that this one was merged into, after at most three merges. */
  canonicalId(id: string): string | undefined {
    let slot = this.slotOf(id);
    for (let merges = 0; merges < 3 && slot !== undefined; merges++) {
      const into = this.mergedInto.get(slot);
      if (into === undefined) break;
      slot = into;
    }
    return slot === undefined || slot === this.slotOf(id) ? undefined : this.idOf(slot);
  }

  /** What was merged into a contact, latest first. */
  mergeHistory(id: string): readonly JsonObject[] {
    return this.history.get(this.slotOf(id) ?? -1) ?? [];
  }

  isLead(slot: number): boolean {
    return this.has(slot, LEAD);
  }

  byExternalId(external: string): number | undefined {
    const learnt = this.externalIds.get(external);
    if (learnt !== undefined && this.peek(learnt, 'external_id') === external) return learnt;
    const slot = Number(/^cust-(\d+)$/.exec(external)?.[1] ?? -1);
    return slot >= 0 && slot < this.slotCount && this.peek(slot, 'external_id') === external ? slot : undefined;
  }

  byEmail(email: string): number | undefined {
    for (let slot = 0; slot < this.slotCount; slot++) {
      if (this.peek(slot, 'email') === email && !this.isHidden(slot)) return slot;
    }
    return undefined;
  }

  /** The contact as other records name it. */
  reference(slot: number): JsonObject {
    return { type: 'contact', id: this.idOf(slot), external_id: this.peek(slot, 'external_id') ?? null };
  }

  protected override generate(slot: number, created: number, updated: number): Contact {
    const id = this.idOf(slot);
    const row = contactFields(this.context, slot, id, created, updated, this.isLead(slot)) as Contact;
    const { memberships, tags, companies, subscriptionTypes, notes } = this.neighbours;
    row['tags'] = nested(`/contacts/${id}/tags`, 'tag', '/tags', present(memberships.contactTags, slot, tags));
    row['notes'] = nested(`/contacts/${id}/notes`, 'note', '/notes', notes.idsOfContact(slot));
    row['companies'] = nested(
      `/contacts/${id}/companies`,
      'company',
      '/companies',
      companies.idsOf(memberships.contactCompanies.of(slot)),
    );
    const subscriptions = `/contacts/${id}/subscriptions`;
    row['opted_out_subscription_types'] = nested(
      subscriptions,
      'subscription',
      '/subscription_types',
      present(memberships.optedOut, slot, subscriptionTypes),
    );
    row['opted_in_subscription_types'] = nested(
      subscriptions,
      'subscription',
      '/subscription_types',
      present(memberships.optedIn, slot, subscriptionTypes),
    );
    return row;
  }

  protected override generateField(slot: number, field: string): Json | undefined {
    if (field === 'role') return this.isLead(slot) ? 'lead' : 'user';
    if (field === 'external_id') return externalId(this.context.seed, slot, this.isLead(slot));
    if (field === 'name' || field === 'email') return contactCore(this.context.seed, slot, this.isLead(slot))[field];
    return undefined;
  }

  protected override flagsFor(fields: Patch, flags: number): number {
    if (fields['role'] === undefined) return flags;
    return fields['role'] === 'lead' ? flags | LEAD : flags & ~LEAD;
  }

  protected override encodeId(slot: number): string {
    return this.ids.encode(slot);
  }

  protected override decodeId(id: string): number | undefined {
    return this.ids.decode(id);
  }

  /** The generated contacts beyond those of the sizes: merged away or archived before time started. */
  private mergeFormerContacts(): void {
    const { contacts } = this.context.sizes;
    let into = 0;
    for (let slot = contacts; slot < this.generated; slot++) {
      if (!this.has(slot, MERGED)) continue;
      while (into < contacts && this.isLead(into)) into++;
      if (into >= contacts) return;
      // No merge is later than the last change of the contact that remembers it: search would not know of it yet.
      this.remember(slot, into, slot % 7 === 0 ? null : Math.min(this.updated(slot), this.updated(into)));
      if (slot % 4 === 0) into += 1;
    }
  }

  private remember(slot: number, into: number, at: number | null): void {
    this.mergedInto.set(slot, into);
    const item = {
      type: 'merge_history_item',
      source_contact_id: this.idOf(slot),
      source_contact_role: this.isLead(slot) ? 'lead' : 'user',
      merged_at: at,
    };
    const items = [item, ...(this.history.get(into) ?? [])];
    this.history.set(
      into,
      items.sort((a, b) => Number(b.merged_at ?? 0) - Number(a.merged_at ?? 0)),
    );
  }

  private learnExternalId(id: string, patch: Patch): void {
    const external = patch['external_id'];
    if (typeof external === 'string') this.externalIds.set(external, this.slotOf(id)!);
  }
}

/** The ids of what a slot is linked to and what still exists. */
function present(links: Links, slot: number, targets: Collection): string[] {
  const ids: string[] = [];
  for (const index of links.of(slot)) {
    const target = targets.at(index);
    if (target) ids.push(target.id);
  }
  return ids;
}

function nested(url: string, type: string, path: string, ids: readonly string[]): JsonObject {
  const data = ids.slice(0, 10).map((id) => ({ id, type, url: `${path}/${id}` }));
  return { type: 'list', data, url, total_count: ids.length, has_more: ids.length > 10 };
}

function formerContacts(contacts: number): number {
  return contacts === 0 ? 0 : Math.min(1000, Math.max(8, Math.floor(contacts / 25)));
}

function formerFlag(index: number): number {
  return index % 4 === 3 ? ARCHIVED : MERGED;
}
