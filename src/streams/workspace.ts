import type { AdminOfATeam, Team } from '../generated/schemas.ts';
import { idsOf, list, rows, stream, windows } from '../readers/index.ts';

export const admins = stream('admins', {
  title: 'Admins',
  primaryKey: ['id'],
  permission: 'Read admins',
  read: list('/admins', 'admins', { purpose: 'Reading admins' }),
});

export const activityLogs = stream('activity_logs', {
  title: 'Activity Logs',
  primaryKey: ['id'],
  cursor: 'created_at',
  permission: 'Read admin activity logs',
  read: windows('/admins/activity_logs/search', 'activity_logs', {
    purpose: 'Reading activity logs',
    cursor: 'created_at',
    step: ({ activity_logs_time_step: days }) => days,
    pageSize: 250,
  }),
});

const everyTeam = list<Team>('/teams', 'teams', { purpose: 'Reading teams' });

export const teams = stream('teams', {
  title: 'Teams',
  primaryKey: ['id'],
  permission: 'Read admins',
  read: everyTeam,
});

export const teamAdmins = stream('team_admins', {
  title: 'Admins of Teams',
  primaryKey: ['team_id', 'admin_id'],
  permission: 'Read admins',
  read: rows<Team, AdminOfATeam>(everyTeam, ({ id, admin_ids: admins, admin_priority_level: levels }) =>
    idsOf(admins).map((admin) => ({
      team_id: id,
      admin_id: admin,
      priority_level: isAmong(admin, levels?.primary_admin_ids)
        ? 'primary'
        : isAmong(admin, levels?.secondary_admin_ids)
          ? 'secondary'
          : null,
    })),
  ),
});

function isAmong(id: string, ids: readonly unknown[] | null | undefined): boolean {
  return idsOf(ids).includes(id);
}

export const tags = stream('tags', {
  title: 'Tags',
  primaryKey: ['id'],
  permission: 'Read tags',
  read: list('/tags', 'data', { purpose: 'Reading tags' }),
});

export const segments = stream('segments', {
  title: 'Segments',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: 'Read and list users and companies',
  read: list('/segments', 'segments', {
    purpose: 'Reading segments',
    query: { include_count: true },
    cursor: 'updated_at',
  }),
});

export const subscriptionTypes = stream('subscription_types', {
  title: 'Subscription Types',
  primaryKey: ['id'],
  permission: 'Read and list users and companies',
  read: list('/subscription_types', 'data', { purpose: 'Reading subscription types' }),
});

export const awayStatusReasons = stream('away_status_reasons', {
  title: 'Away Status Reasons',
  primaryKey: ['id'],
  permission: 'Read admins',
  read: list('/away_status_reasons', 'data', { purpose: 'Reading away status reasons' }),
});

export const brands = stream('brands', {
  title: 'Brands',
  primaryKey: ['id'],
  permission: 'none that Intercom documents',
  read: list('/brands', 'data', { purpose: 'Reading brands' }),
});

export const companyAttributes = stream('company_attributes', {
  title: 'Attributes of Companies',
  primaryKey: ['full_name'],
  permission: 'Read and list users and companies',
  read: list('/data_attributes', 'data', {
    purpose: 'Reading attributes of companies',
    query: { include_archived: true, model: 'company' },
  }),
});

export const contactAttributes = stream('contact_attributes', {
  title: 'Attributes of Contacts',
  primaryKey: ['full_name'],
  permission: 'Read and list users and companies',
  read: list('/data_attributes', 'data', {
    purpose: 'Reading attributes of contacts',
    query: { include_archived: true, model: 'contact' },
  }),
});

export const conversationAttributes = stream('conversation_attributes', {
  title: 'Attributes of Conversations',
  primaryKey: ['id'],
  permission: 'Read conversations',
  read: list('/conversations/attributes', 'data', {
    purpose: 'Reading attributes of conversations',
    query: { include_archived: true },
  }),
});
