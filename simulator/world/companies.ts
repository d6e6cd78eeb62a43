import { type Json, type JsonObject, type TimedRow, without } from '../json.ts';
import { Dice, hash } from '../random.ts';
import type { Collection } from './collection.ts';
import type { ContactTable } from './contacts.ts';
import type { WorldContext } from './context.ts';
import { HexIds } from './ids.ts';
import { KIND } from './kinds.ts';
import type { Memberships } from './memberships.ts';
import type { Notebook } from './notes.ts';
import { GONE, Table } from './table.ts';
import { changeTime, creationTime } from './times.ts';
import { COMPANY_NAMES, DOMAINS, INDUSTRIES, PLANS } from './words.ts';

export interface Company extends TimedRow {
  company_id: string;
}

export interface CompanyNeighbours {
  readonly memberships: Memberships;
  readonly contacts: ContactTable;
  readonly tags: Collection;
  readonly segments: Collection;
  readonly notes: Notebook;
}

/** Companies; as in Intercom, lists leave out those that no contact belongs to. */
export class CompanyTable extends Table<Company> {
  /** Set by the world once all of it exists. */
  neighbours!: CompanyNeighbours;
  private readonly ids: HexIds;
  private listed: { revision: number; slots: number[] } | undefined;

  constructor(context: WorldContext) {
    super(context, context.sizes.companies + Math.ceil(context.sizes.companies / 20));
    this.ids = new HexIds(context.seed, KIND.company);
    for (let slot = 0; slot < this.generated; slot++) {
      const updated = changeTime(context.seed, KIND.companyTimes, slot, context.start);
      this.seed(slot, creationTime(context.seed, KIND.companyTimes, slot, updated), updated, 0);
    }
  }

  override get size(): number {
    return this.listedSlots().length;
  }

  override *all(): Iterable<Company> {
    for (const slot of this.listedSlots()) yield this.row(slot);
  }

  /** The companies that lists show, in slot order. */
  listedSlots(): readonly number[] {
    if (this.listed?.revision === this.context.revision) return this.listed.slots;
    const slots: number[] = [];
    for (let slot = 0; slot < this.slotCount; slot++)
      if (!this.has(slot, GONE) && this.hasUsers(slot)) slots.push(slot);
    this.listed = { revision: this.context.revision, slots };
    return slots;
  }

  /** Slots of the contacts that belong to the company and are neither merged, archived nor deleted. */
  contactSlots(slot: number): Uint32Array {
    const { contacts, memberships } = this.neighbours;
    return memberships.contactCompanies.members(slot).filter((contact) => !contacts.isHidden(contact));
  }

  idsOf(slots: readonly number[]): string[] {
    return slots.filter((slot) => !this.has(slot, GONE)).map((slot) => this.idOf(slot));
  }

  protected override generate(slot: number, created: number, updated: number): Company {
    const { memberships, tags, segments, notes } = this.neighbours;
    const dice = new Dice(this.context.seed, KIND.company, slot);
    const plan = dice.percent(60) ? dice.below(PLANS.length) : -1;
    const lastRequest = this.lastRequest(slot, updated);
    const row: Company = {
      type: 'company',
      id: this.idOf(slot),
      company_id: `acct-${slot}`,
      app_id: this.context.workspaceId,
      name: `${dice.pick(COMPANY_NAMES)} ${slot}`,
      created_at: created,
      updated_at: updated,
      monthly_spend: dice.percent(50) ? dice.below(5000) : 0,
      session_count: dice.below(6000),
      user_count: this.userCount(slot),
      plan: plan < 0 ? {} : { type: 'plan', id: String(5500 + plan), name: PLANS[plan]! },
      custom_attributes: customAttributes(dice),
      tags: { type: 'tag.list', tags: memberships.companyTags.of(slot).flatMap((index) => basic(tags, index)) },
      segments: {
        type: 'segment.list',
        segments: memberships.companySegments.of(slot).flatMap((index) => segments.at(index) ?? []),
      },
      notes: { type: 'note.list', notes: notes.ofCompany(slot).map(withoutContact) },
    };
    if (dice.percent(60)) row['remote_created_at'] = created - 86_400;
    if (lastRequest !== undefined) row['last_request_at'] = lastRequest;
    if (dice.percent(50)) row['size'] = 1 + dice.below(900);
    if (dice.percent(60)) row['website'] = `https://${dice.pick(DOMAINS)}`;
    if (dice.percent(40)) row['industry'] = dice.pick(INDUSTRIES);
    return row;
  }

  protected override generateField(slot: number, field: string): Json | undefined {
    if (field === 'company_id') return `acct-${slot}`;
    if (field === 'last_request_at') return this.lastRequest(slot, this.updated(slot));
    return undefined;
  }

  protected override encodeId(slot: number): string {
    return this.ids.encode(slot);
  }

  protected override decodeId(id: string): number | undefined {
    return this.ids.decode(id);
  }

  private hasUsers(slot: number): boolean {
    const { contacts, memberships } = this.neighbours;
    return memberships.contactCompanies.members(slot).some((contact) => !contacts.isHidden(contact));
  }

  private userCount(slot: number): number {
    const { contacts, memberships } = this.neighbours;
    let count = 0;
    for (const contact of memberships.contactCompanies.members(slot)) if (!contacts.isHidden(contact)) count++;
    return count;
  }

  private lastRequest(slot: number, updated: number): number | undefined {
    const value = hash(this.context.seed, KIND.companyTimes + 5000, slot);
    return value % 5 === 0 ? undefined : updated - (value % 100_000);
  }
}

function customAttributes(dice: Dice): JsonObject {
  const attributes: JsonObject = {};
  if (dice.percent(60)) attributes['region'] = dice.pick(['EMEA', 'APAC', 'AMER']);
  if (dice.percent(40)) attributes['health_score'] = dice.below(1000) / 10;
  if (dice.percent(20)) attributes['Contract end'] = 1_767_225_600;
  return attributes;
}

function basic(tags: Collection, index: number): JsonObject[] {
  const tag = tags.at(index);
  return tag ? [{ type: 'tag', id: tag.id, name: tag['name'] ?? null }] : [];
}

function withoutContact(note: JsonObject): JsonObject {
  return without(note, 'contact');
}
