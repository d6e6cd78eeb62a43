import type { JsonObject, World } from '../../../simulator/index.ts';
import { textOf } from '../../../simulator/json.ts';
import { objectsAt, row, secondsOf, type Truths } from './truth.ts';

export const COMPANIES: Readonly<Record<string, Truths>> = {
  *companies({ companies }) {
    for (const company of companies.all())
      yield row(company, [company.id], company.updated_at, ['name', 'updated_at', 'company_id']);
  },
  *company_segments({ companies }) {
    for (const { id, updated_at: due, segments } of companies.all())
      for (const segment of objectsAt(segments, 'segments'))
        yield row({ company_updated_at: due }, [id, segment['id']], due, ['company_updated_at']);
  },
  *company_tags({ companies }) {
    for (const { id, updated_at: due, tags } of companies.all())
      for (const tag of objectsAt(tags, 'tags'))
        yield row({ company_updated_at: due }, [id, tag['id']], due, ['company_updated_at']);
  },
};

/** Rows that are the records of a list, with the column by which they are due. */
function collection(name: keyof World, due?: string, columns: readonly string[] = []): Truths {
  return function* (world) {
    for (const record of (world[name] as { all(): Iterable<JsonObject> }).all())
      yield row(
        record,
        [record['id']],
        due === undefined ? undefined : secondsOf(record[due]),
        due === undefined ? columns : [due, ...columns],
      );
  };
}

function attributesOf(model: string): Truths {
  return function* ({ dataAttributes }) {
    for (const attribute of dataAttributes.all())
      if (attribute['model'] === model) yield row(attribute, [attribute['full_name']], undefined, ['data_type']);
  };
}

export const WORKSPACE: Readonly<Record<string, Truths>> = {
  activity_logs: collection('activityLogs', 'created_at', ['activity_type']),
  admins: collection('admins', undefined, ['email']),
  articles: collection('articles', 'updated_at', ['title']),
  away_status_reasons: collection('awayStatusReasons'),
  brands: collection('brands'),
  calls: collection('calls', 'updated_at', ['state']),
  collections: collection('collections', 'updated_at', ['name']),
  company_attributes: attributesOf('company'),
  contact_attributes: attributesOf('contact'),
  conversation_attributes: collection('conversationAttributes'),
  deleted_conversations: collection('deletedConversations', 'deleted_at'),
  help_centers: collection('helpCenters'),
  internal_articles: collection('internalArticles', 'updated_at', ['title']),
  macros: collection('macros', 'updated_at', ['name']),
  news_items: collection('newsItems', 'updated_at', ['title']),
  newsfeeds: collection('newsfeeds'),
  segments: collection('segments', 'updated_at', ['name']),
  subscription_types: collection('subscriptionTypes'),
  tags: collection('tags', undefined, ['name']),
  *team_admins({ teams }) {
    for (const team of teams.all())
      for (const admin of Array.isArray(team['admin_ids']) ? team['admin_ids'] : [])
        yield row({}, [team.id, textOf(admin)], undefined);
  },
  teams: collection('teams', undefined, ['name']),
  ticket_states: collection('ticketStates'),
  ticket_types: collection('ticketTypes', undefined, ['name']),
};
