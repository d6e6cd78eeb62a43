/** How a searchable field is compared. */
export type FieldType = 'string' | 'tag' | 'boolean' | 'integer' | 'date';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Where the value stands in the record; default: the field's name. */
  readonly path?: string;
  /** The ids in a list: the path of the list. */
  readonly idsIn?: string;
  /** Numbers and text are both accepted, since the API names ids either way. */
  readonly id?: true;
  /** Matched word by word. */
  readonly words?: true;
  /** Cannot be used for sorting. */
  readonly unsortable?: true;
}

export type Fields = ReadonlyMap<string, Field>;

export const CONTACT_FIELDS = table([
  ...of('string', 'id role name email email_domain phone external_id language_override browser browser_language os'),
  { name: 'avatar', type: 'string', path: 'avatar.image_url' },
  { name: 'formatted_phone', type: 'string', path: 'phone' },
  { name: 'owner_id', type: 'string', id: true },
  ...of(
    'date',
    'created_at signed_up_at updated_at last_seen_at last_contacted_at last_replied_at last_email_opened_at',
  ),
  ...of('date', 'last_email_clicked_at ios_last_seen_at android_last_seen_at'),
  ...of('string', 'location.country location.region location.city'),
  ...of('boolean', 'unsubscribed_from_emails marked_email_as_spam has_hard_bounced'),
  ...of('string', 'ios_app_version ios_device ios_os_version ios_app_name ios_sdk_version'),
  { name: 'ios_app_device', type: 'string', path: 'ios_device' },
  ...of('string', 'android_app_version android_device android_app_name'),
  { name: 'andoid_sdk_version', type: 'string', path: 'android_sdk_version' },
  { name: 'segment_id', type: 'string', unsortable: true },
  { name: 'tag_id', type: 'tag', unsortable: true },
]);

export const CONVERSATION_FIELDS = table([
  { name: 'id', type: 'string', id: true },
  ...of('date', 'created_at updated_at waiting_since snoozed_until'),
  ...of('string', 'source.type source.id source.delivered_as source.subject source.author.id source.author.type'),
  ...of('string', 'source.author.name source.author.email source.url'),
  { name: 'source.body', type: 'string', words: true, unsortable: true },
  { name: 'contact_ids', type: 'string', idsIn: 'contacts.contacts', id: true, unsortable: true },
  { name: 'teammate_ids', type: 'string', idsIn: 'teammates.admins', id: true, unsortable: true },
  { name: 'tag_ids', type: 'string', idsIn: 'tags.tags', id: true, unsortable: true },
  { name: 'admin_assignee_id', type: 'integer', id: true },
  { name: 'team_assignee_id', type: 'integer', id: true },
  { name: 'channel_initiated', type: 'string', path: 'channel.initial' },
  ...of('string', 'state priority'),
  ...of('boolean', 'open read ai_agent_participated'),
  ...of('integer', 'statistics.time_to_assignment statistics.time_to_admin_reply statistics.time_to_first_close'),
  ...of('integer', 'statistics.time_to_last_close statistics.median_time_to_reply statistics.count_reopens'),
  ...of('integer', 'statistics.count_assignments statistics.count_conversation_parts'),
  ...of('date', 'statistics.first_contact_reply_at statistics.first_assignment_at statistics.first_admin_reply_at'),
  ...of('date', 'statistics.first_close_at statistics.last_assignment_at statistics.last_assignment_admin_reply_at'),
  ...of('date', 'statistics.last_contact_reply_at statistics.last_admin_reply_at statistics.last_close_at'),
  { name: 'statistics.last_closed_by_id', type: 'string', id: true },
  { name: 'conversation_rating.requested_at', type: 'date', path: 'conversation_rating.created_at' },
  { name: 'conversation_rating.replied_at', type: 'date', path: 'conversation_rating.updated_at' },
  ...of('integer', 'ai_agent.rating'),
  { name: 'conversation_rating.score', type: 'integer', path: 'conversation_rating.rating' },
  ...of('string', 'conversation_rating.remark'),
  { name: 'conversation_rating.contact_id', type: 'string', path: 'conversation_rating.contact.id' },
  { name: 'conversation_rating.admin_d', type: 'string', path: 'conversation_rating.teammate.id', id: true },
  ...of('string', 'ai_agent.resolution_state ai_agent.last_answer_type ai_agent.source_type ai_agent.source_title'),
  ...of('string', 'ai_agent.rating_remark'),
]);

export const TICKET_FIELDS = table([
  { name: 'id', type: 'string', id: true },
  { name: 'title', type: 'string', path: 'ticket_attributes._default_title_' },
  { name: 'description', type: 'string', path: 'ticket_attributes._default_description_' },
  { name: 'category', type: 'string' },
  { name: 'ticket_type_id', type: 'string', path: 'ticket_type.id', id: true },
  { name: 'contact_ids', type: 'string', idsIn: 'contacts.contacts', id: true, unsortable: true },
  { name: 'teammate_ids', type: 'string', path: 'admin_assignee_id', id: true, unsortable: true },
  { name: 'admin_assignee_id', type: 'string', id: true },
  { name: 'team_assignee_id', type: 'string', id: true },
  { name: 'state', type: 'string', path: 'ticket_state.category' },
  ...of('date', 'created_at updated_at snoozed_until'),
  ...of('boolean', 'open'),
]);

function of(type: FieldType, names: string): Field[] {
  return names.split(' ').map((name) => ({ name, type }));
}

function table(fields: readonly Field[]): Fields {
  return new Map(fields.map((field) => [field.name, field]));
}
