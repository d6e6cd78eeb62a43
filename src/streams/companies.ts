import type { Company, SegmentOfACompany, TagOfACompany } from '../generated/schemas.ts';
import { each, list, objectsIn, path, rows, scroll, stream, whole } from '../readers/index.ts';

const PERMISSION = 'Read and list users and companies';

/** Every company that has users. All streams of companies share one scroll. */
const everyCompany = scroll<Company>('/companies/scroll', 'data', {
  purpose: 'Reading companies',
  cursor: 'updated_at',
  listedAt: '/companies/list',
});

export const companies = stream('companies', {
  title: 'Companies',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'company',
  read: everyCompany,
});

export const companySegments = stream('company_segments', {
  title: 'Segments of Companies',
  primaryKey: ['company_id', 'id'],
  cursor: 'company_updated_at',
  permission: PERMISSION,
  read: each<Company, SegmentOfACompany>(
    everyCompany,
    ({ id, segments }) =>
      whole(
        { data: segments?.segments },
        list(path`/companies/${id}/segments`, 'data', { purpose: 'Reading segments of a company' }),
      ),
    {
      map: (segments, company) =>
        segments.map(
          (segment) =>
            ({ ...segment, company_id: company.id, company_updated_at: company.updated_at }) as SegmentOfACompany,
        ),
    },
  ),
});

export const companyTags = stream('company_tags', {
  title: 'Tags of Companies',
  primaryKey: ['company_id', 'tag_id'],
  cursor: 'company_updated_at',
  permission: PERMISSION,
  read: rows<Company, TagOfACompany>(everyCompany, ({ id, updated_at, tags }) =>
    objectsIn(tags, 'tags').map((tag) => ({ company_id: id, tag_id: tag.id, company_updated_at: updated_at })),
  ),
});
