import type { JsonObject, Row } from '../json.ts';
import { Dice } from '../random.ts';
import type { WorldContext } from './context.ts';
import { uuid } from './ids.ts';
import { KIND } from './kinds.ts';
import { FIRST_NAMES, LAST_NAMES, TEAM_NAMES } from './words.ts';

/** A teammate; `avatar` is only shown when asked for. */
export function admin({ sizes }: WorldContext, index: number): Row {
  const teams = Array.from({ length: sizes.teams }, (_, team) => team).filter((team) => (index + team) % 2 === 0);
  const row: Row = {
    type: 'admin',
    id: String(7_700_000 + index),
    name: `${FIRST_NAMES[index % FIRST_NAMES.length]!} ${LAST_NAMES[(index * 3) % LAST_NAMES.length]!}`,
    email: `admin${index}@lumenworks.example`,
    job_title: index % 3 === 0 ? '' : 'Support engineer',
    away_mode_enabled: index % 4 === 1,
    away_mode_reassign: false,
    away_status_reason_id: index % 4 === 1 ? 2 : null,
    has_inbox_seat: index % 5 !== 4,
    team_ids: teams.map((team) => 5000 + team),
    avatar: index % 2 === 0 ? `https://static.intercomassets.example/avatars/admin${index}.png` : null,
    role:
      index % 3 === 2
        ? null
        : { type: 'role', id: String(40 + (index % 2)), name: index % 2 === 0 ? 'Owner' : 'Agent' },
  };
  if (index % 3 === 0)
    row['team_priority_level'] = {
      primary_team_ids: teams.slice(0, 1).map((team) => 5000 + team),
      secondary_team_ids: index % 2 === 0 ? null : [5000],
    };
  if (index % 3 === 1) row['team_priority_level'] = {};
  return row;
}

export function team({ sizes }: WorldContext, index: number): Row {
  const members = Array.from({ length: sizes.admins }, (_, other) => other).filter(
    (other) => (other + index) % 2 === 0,
  );
  return {
    type: 'team',
    id: String(5000 + index),
    name: `${TEAM_NAMES[index % TEAM_NAMES.length]!}${index < TEAM_NAMES.length ? '' : ` ${index}`}`,
    admin_ids: members.map((member) => 7_700_000 + member),
    admin_priority_level:
      index % 2 === 0
        ? { primary_admin_ids: members.slice(0, 1).map((member) => 7_700_000 + member), secondary_admin_ids: [] }
        : null,
    assignment_limit: index % 2 === 0 ? 10 : null,
    distribution_method: index % 2 === 0 ? 'round_robin' : null,
  };
}

/** The teammate behind the token, with the workspace. */
export function me(context: WorldContext, row: JsonObject | undefined, timezone: string, region: string): JsonObject {
  const {
    type,
    id,
    name,
    email,
    job_title: title,
    away_mode_enabled: away,
    away_mode_reassign: reassign,
    has_inbox_seat: seat,
    team_ids: teams,
  } = row ?? admin(context, 0);
  return {
    type: type ?? null,
    id: id ?? null,
    name: name ?? null,
    email: email ?? null,
    email_verified: true,
    job_title: title ?? null,
    away_mode_enabled: away ?? null,
    away_mode_reassign: reassign ?? null,
    has_inbox_seat: seat ?? null,
    team_ids: teams ?? [],
    avatar: { type: 'avatar', image_url: 'https://static.intercomassets.example/avatars/me.png' },
    app: {
      type: 'app',
      id_code: context.workspaceId,
      name: 'Lumenworks',
      region,
      timezone,
      created_at: context.start - 1500 * 86_400,
      identity_verification: false,
      secure: false,
    },
  };
}

export function awayStatusReason({ start }: WorldContext, index: number): Row {
  const labels = ['On a break', 'At lunch', 'Off sick', 'Training'];
  const created = start - (400 - index) * 86_400;
  return {
    type: 'away_status_reason',
    id: String(1 + index),
    label: labels[index % labels.length]!,
    emoji: '☕',
    order: index,
    deleted: index === 3,
    created_at: created,
    updated_at: created + 3600,
  };
}

export function activityLog(context: WorldContext, index: number): Row {
  const dice = new Dice(context.seed, KIND.activity, index);
  const [activity, metadata] = ACTIVITIES[index % ACTIVITIES.length]!;
  const by = context.sizes.admins === 0 ? 0 : dice.below(context.sizes.admins);
  return {
    id: uuid(context.seed, KIND.activity, index),
    performed_by: {
      type: 'admin',
      id: String(7_700_000 + by),
      email: `admin${by}@lumenworks.example`,
      ip: '198.51.100.7',
    },
    metadata,
    created_at: context.start - 61 - Math.floor(index ** 1.5 * 3600),
    activity_type: activity,
    activity_description: `Admin ${by} did ${activity.replaceAll('_', ' ')}.`,
  };
}

const ACTIVITIES: readonly (readonly [string, JsonObject | null])[] = [
  ['admin_login_success', { sign_in_method: 'email', external_id: null }],
  [
    'admin_away_mode_change',
    {
      away_mode: true,
      away_status_reason: 'At lunch',
      reassign_conversations: false,
      source: 'admin_update_from_inbox_menu',
      auto_changed: 'false',
      update_by: 7_700_000,
      update_by_name: 'Mira',
    },
  ],
  [
    'admin_occupancy_state_change',
    {
      previous_state: 'available',
      new_state: 'busy',
      threshold_minutes: 10,
      last_activity_at: 1_767_225_600,
      auto: true,
    },
  ],
  [
    'automatic_away_mode_setting_change',
    { setting_type: 'automatic_away', changes: { minutes: { before: 5, after: 10 } }, enabled: true, mode: 'strict' },
  ],
  ['admin_conversation_assignment_limit_change', { conversation_assignment_limit: 5, ticket_assignment_limit: 3 }],
  ['team_assignment_limit_change', { team: { id: 5000, name: 'Support' }, team_assignment_limit: 20 }],
  ['admin_impersonation_consent_approved', { consent_id: 12, expired_at: '2026-04-01T00:00:00.000Z' }],
  ['role_change', { before: { name: 'Agent' }, after: { name: 'Owner' } }],
  ['app_name_change', null],
  ['admin_provisioned', { sign_in_method: null, external_id: 'scim-17' }],
];
