import type { Sizes } from '../options.ts';
import { Dice, hash } from '../random.ts';
import { KIND } from './kinds.ts';
import { Links } from './links.ts';

/** Held here since looking up a global is slow where each test file has globals of its own. */
const { ceil, floor, min } = Math;

/** Which contacts and companies belong to which tags, companies, segments and subscription types. */
export class Memberships {
  readonly contactTags: Links;
  readonly contactCompanies: Links;
  readonly contactSegments: Links;
  readonly optedIn: Links;
  readonly optedOut: Links;
  readonly companyTags: Links;
  readonly companySegments: Links;

  constructor(seed: number, sizes: Sizes) {
    const { contacts, companies, tags, segments, subscriptionTypes } = sizes;
    this.contactTags = new Links(contacts, (slot, out) => {
      const value = hash(seed, KIND.contactTags, slot);
      run(out, slot === 3 ? 13 : manyOf(value % 100), value >>> 8, tags);
    });
    this.contactCompanies = new Links(contacts, (slot, out) => {
      companiesOf(hash(seed, KIND.contactCompanies, slot), slot, contacts, companies, out);
    });
    this.contactSegments = new Links(contacts, (slot, out) => {
      const lead = isLeadByRule(seed, slot, sizes.leadsPercent);
      const value = hash(seed, KIND.contactSegments, slot);
      for (let segment = 0; segment < segments; segment++) {
        if (isLeadSegment(segment) === lead && (value >>> (segment % 16)) % (segment + 2) === 0) out.push(segment);
      }
    });
    this.optedIn = new Links(contacts, (slot, out) => {
      if (subscriptionTypes > 0 && hash(seed, KIND.contactSubscriptions, slot) % 5 === 0)
        out.push(slot % subscriptionTypes);
    });
    this.optedOut = new Links(contacts, (slot, out) => {
      if (subscriptionTypes > 1 && hash(seed, KIND.contactSubscriptions, slot) % 7 === 1)
        out.push((slot + 1) % subscriptionTypes);
    });
    this.companyTags = new Links(companies, (slot, out) => {
      const value = hash(seed, KIND.companyTags, slot);
      run(out, value % 4 === 0 ? 1 + (value % 3) : 0, value >>> 8, tags);
    });
    this.companySegments = new Links(companies, (slot, out) => {
      const value = hash(seed, KIND.companySegments, slot);
      run(out, value % 3, value >>> 8, segments);
    });
  }
}

/** Whether a generated contact is a lead. */
export function isLeadByRule(seed: number, slot: number, leadsPercent: number): boolean {
  return hash(seed, KIND.contactRole, slot) % 100 < leadsPercent;
}

/** Every third segment holds leads, the others users. */
export function isLeadSegment(index: number): boolean {
  return index % 3 === 2;
}

function manyOf(throwOf100: number): number {
  if (throwOf100 < 60) return 0;
  if (throwOf100 < 85) return 1 + (throwOf100 % 2);
  return throwOf100 < 97 ? 3 + (throwOf100 % 3) : 11 + (throwOf100 % 3);
}

/** Appends neighbours in a ring of so many, beginning at a place. */
function run(out: number[], length: number, from: number, ring: number): void {
  const count = min(length, ring);
  const first = ring > 0 ? from % ring : 0;
  for (let step = 0; step < count; step++) out.push((first + step) % ring);
}

/** Each company gets at least one contact; company 0 gets every tenth. */
function companiesOf(value: number, slot: number, contacts: number, companies: number, out: number[]): void {
  let own = ceil((slot * companies) / contacts);
  while (own < companies && floor((own * contacts) / companies) === slot) out.push(own++);
  if (companies === 0) return;
  const dice = new Dice(value, KIND.contactCompanies, slot);
  let wanted = manyOf(20 + (value % 80));
  if (slot === 5) wanted = 12;
  for (let step = 0; step < wanted; step++) {
    const company = dice.below(companies);
    if (!out.includes(company)) out.push(company);
  }
  if (value % 10 === 3 && !out.includes(0)) out.push(0);
}
