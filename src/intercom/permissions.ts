/**
 * The permission that a path needs, by the name that Intercom's Developer Hub shows; undefined where none is documented.
 * @see https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/oauth-scopes
 */
export function permissionFor(path: string): string | undefined {
  return PERMISSIONS.find(([pattern]) => pattern.test(path))?.[1];
}

/** The first that matches counts. */
const PERMISSIONS: readonly (readonly [RegExp, string])[] = [
  [/^\/contacts\/[^/]+\/tags\b/, 'Read tags'],
  [/^\/contacts\/(?!search\b)[^/?]+$/, 'Read one user and one company'],
  [/^\/companies\/(?!list\b|scroll\b|search\b)[^/?]+$/, 'Read one user and one company'],
  [/^\/(contacts|companies|segments|data_attributes|subscription_types)\b/, 'Read and list users and companies'],
  [/^\/tags\b/, 'Read tags'],
  [/^\/(conversations|macros)\b/, 'Read conversations'],
  [/^\/(tickets|ticket_types|ticket_states)\b/, 'Read tickets'],
  [/^\/events\b/, 'Read events'],
  [/^\/admins\/activity_logs\/search\b/, 'Read admins'],
  [/^\/admins\/activity_logs\b/, 'Read admin activity logs'],
  [/^\/admins\/(?!search\b)[^/?]+$/, 'Read one admin'],
  [/^\/(admins|me|teams|away_status_reasons)\b/, 'Read admins'],
  [/^\/(articles|internal_articles|help_center)\b/, 'Read and list articles'],
  [/^\/ai\b/, 'Read and write AI content'],
  [/^\/news\b/, 'Read and list news items and newsfeeds'],
  [/^\/data_connectors\b/, 'Read data connectors'],
  [/^\/custom_object_instances\b/, 'Read and write custom object instances'],
];
