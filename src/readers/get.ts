import type { Source } from './reader.ts';
import { recordIn, recordsAt } from './records.ts';
import { source } from './source.ts';

export interface GetOptions<T> {
  readonly purpose: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Where an array of records is inside the answer. Absent: the answer is the record, and has an id. */
  readonly records?: string;
  readonly stamp?: Partial<NoInfer<T>>;
}

/**
 * Reads one object, or the array inside it.
 *
 * @example get(path`/conversations/${id}`, { purpose: 'Reading conversation details' })
 */
export function get<T extends object>(path: string, { purpose, query = {}, records, stamp }: GetOptions<T>): Source<T> {
  return source<T>({
    endpoint: `GET ${path}`,
    ascending: false,
    async *read(context) {
      const answer = await context.once({ method: 'GET', path, query, purpose });
      const rows = records === undefined ? [recordIn(answer, purpose)] : recordsAt(answer, records, purpose);
      yield { records: stamp === undefined ? rows : rows.map((row) => ({ ...row, ...stamp })) };
    },
  });
}
