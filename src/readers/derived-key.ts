import { hash } from 'node:crypto';

/**
 * Keys for records that Intercom gives none: the same for the same record in every read. Records that are alike in everything are
 * numbered, so that each has a key of its own.
 *
 * @param identity - What tells one record from another, as JSON
 */
export function derivedKeys<T>(records: readonly T[], identity: (record: T) => unknown): readonly string[] {
  const counts = new Map<string, number>();
  return records.map((record) => {
    const key = hash('sha256', JSON.stringify(identity(record)), 'base64url').slice(0, 22);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? key : `${key}-${String(count)}`;
  });
}
