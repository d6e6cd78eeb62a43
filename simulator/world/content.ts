import type { JsonObject, Row } from '../json.ts';
import { Dice } from '../random.ts';
import type { WorldContext } from './context.ts';
import { KIND } from './kinds.ts';

/** An article as GET-one shows it, with its statistics. */
export function article(context: WorldContext, index: number): Row {
  const dice = new Dice(context.seed, KIND.small + 2, index);
  const published = index % 4 !== 3;
  const updated = contentTime(context, index);
  const created = updated - 86_400 * (index % 9);
  const url = published ? `https://help.lumenworks.example/en/articles/${4000 + index}` : null;
  return {
    type: 'article',
    id: String(4000 + index),
    workspace_id: context.workspaceId,
    title: `Rechnungen & invoices ${index}`,
    description: dice.percent(60) ? 'How to read them' : null,
    body: dice.percent(90) ? `<p>See <b>page ${index}</b>.</p>` : null,
    body_markdown: dice.percent(80) ? `See **page ${index}**.` : null,
    author_id: 7_700_000,
    state: published ? 'published' : 'draft',
    created_at: created,
    updated_at: updated,
    has_unpublished_changes: dice.percent(20),
    draft_updated_at: dice.percent(20) ? updated : null,
    url,
    parent_ids: index % 3 === 0 ? [] : [6000 + (index % Math.max(1, context.sizes.collections))],
    ai_chatbot_availability: dice.percent(80),
    ai_copilot_availability: dice.percent(80),
    ai_sales_agent_availability: dice.percent(20),
    created_by_id: dice.percent(80) ? 7_700_000 : null,
    updated_by_id: dice.percent(60) ? 7_700_001 : null,
    exclude_from_article_suggestions: dice.percent(10),
    help_center_audience: dice.pick(['everyone', 'all_users', 'restricted', null]),
    scheduled_publish_at: published ? null : context.start + 86_400,
    scheduled_unpublish_at: dice.percent(10) ? context.start + 90 * 86_400 : null,
    default_locale: 'en',
    translated_content: index % 5 === 0 ? articleTranslations(index, created, updated) : null,
    tags: {
      type: 'tag.list',
      tags: dice.percent(30)
        ? [
            {
              type: 'tag',
              id: '90000',
              name: 'billing',
              applied_at: updated,
              applied_by: { type: 'admin', id: '7700000' },
            },
          ]
        : [],
    },
    statistics: {
      type: 'article_statistics',
      views: dice.below(900),
      conversions: dice.below(90),
      reactions: dice.below(90),
      happy_reaction_percentage: dice.below(1000) / 10,
      neutral_reaction_percentage: dice.below(1000) / 10,
      sad_reaction_percentage: 0,
      fin_involvements: dice.below(40),
      fin_resolutions: dice.below(20),
      fin_resolution_rate: dice.below(100) / 100,
    },
  };
}

export function helpCenterCollection(context: WorldContext, index: number): Row {
  const dice = new Dice(context.seed, KIND.small + 3, index);
  const updated = contentTime(context, index);
  return {
    id: String(6000 + index),
    workspace_id: context.workspaceId,
    name: `Collection ${index} 📚`,
    description: dice.percent(60) ? 'All about it' : null,
    created_at: updated - 5000,
    updated_at: updated,
    url: dice.percent(80) ? `https://help.lumenworks.example/en/collections/${6000 + index}` : null,
    icon: dice.percent(60) ? 'bookmark' : null,
    order: 1 + index,
    default_locale: 'en',
    translated_content:
      index % 4 === 0
        ? {
            type: 'group_translated_content',
            de: { type: 'group_content', name: `Sammlung ${index}`, description: 'Alles darüber' },
          }
        : null,
    parent_id: index % 3 === 2 ? String(6000 + index - 1) : null,
    help_center_id: dice.percent(90) ? 300 : null,
  };
}

export function helpCenter(context: WorldContext, index: number): Row {
  const created = context.start - (800 - index) * 86_400;
  return {
    id: String(300 + index),
    workspace_id: context.workspaceId,
    created_at: created,
    updated_at: created + 86_400,
    identifier: `lumenworks-${index}`,
    website_turned_on: index === 0,
    display_name: `Lumenworks help ${index}`,
    url: `https://help${index}.lumenworks.example`,
    custom_domain: index === 0 ? 'help.lumenworks.example' : null,
    default: index === 0,
    locales: ['en', 'de'],
  };
}

export function internalArticle(context: WorldContext, index: number): Row {
  const updated = contentTime(context, index);
  return {
    type: 'internal_article',
    id: String(9100 + index),
    title: `How we answer ${index}`,
    body: index % 4 === 3 ? null : '<p>Kindly.</p>',
    body_markdown: index % 4 === 3 ? null : 'Kindly.',
    owner_id: 7_700_000,
    author_id: 7_700_001,
    created_at: updated - 900,
    updated_at: updated,
    locale: 'en',
    audience_ids: index % 2 === 0 ? [41, 42] : null,
    ai_chatbot_availability: index % 2 === 0,
    ai_copilot_availability: true,
    ai_sales_agent_availability: false,
  };
}

export function newsItem(context: WorldContext, index: number): Row {
  const updated = contentTime(context, index);
  return {
    type: 'news-item',
    id: String(7300 + index),
    workspace_id: context.workspaceId,
    title: `New: feature ${index}`,
    body: `<p>Look at <i>this</i> ${index}.</p>`,
    sender_id: 7_700_000,
    state: index % 3 === 2 ? 'draft' : 'live',
    newsfeed_assignments: index % 3 === 2 ? [] : [{ newsfeed_id: 53, published_at: updated }],
    labels: index % 2 === 0 ? ['Product', 'Neu'] : [],
    cover_image_url: index % 2 === 0 ? 'https://static.intercomassets.example/cover.png' : null,
    reactions: index % 2 === 0 ? ['😆', '😅'] : [],
    deliver_silently: index % 4 === 0,
    created_at: updated - 600,
    updated_at: updated,
  };
}

export function newsfeed(context: WorldContext, index: number): Row {
  const created = context.start - (200 - index) * 86_400;
  return {
    id: String(53 + index),
    type: 'newsfeed',
    name: `Feed ${index}`,
    created_at: created,
    updated_at: created + 60,
  };
}

/** A saved reply; its times are ISO text. */
export function macro(context: WorldContext, index: number): Row {
  const updated = contentTime(context, index);
  const teams = index % 3 === 0 && context.sizes.teams > 0;
  return {
    type: 'macro',
    id: String(2200 + index),
    name: `Greeting ${index}`,
    body: '<p>Hi {{user.first_name|fallback:"there"}}</p>',
    body_text: 'Hi there',
    created_at: new Date((updated - 600) * 1000).toISOString(),
    updated_at: new Date(updated * 1000).toISOString(),
    visible_to: teams ? 'specific_teams' : 'everyone',
    visible_to_team_ids: teams ? ['5000'] : [],
    available_on: index % 2 === 0 ? ['inbox', 'messenger'] : ['inbox'],
  };
}

export function brand(context: WorldContext, index: number): Row {
  const created = context.start - (700 - index) * 86_400;
  return {
    type: 'brand',
    id: index === 0 ? context.workspaceId : String(10 + index),
    name: index === 0 ? 'Lumenworks' : `Brand ${index}`,
    is_default: index === 0,
    created_at: created,
    updated_at: created + 3600,
    help_center_id: String(300 + index),
    default_address_settings_id: String(800 + index),
  };
}

/** Several pieces of content share each moment of change. */
function contentTime({ start }: WorldContext, index: number): number {
  return start - 61 - Math.floor(index / 3) * 777_777;
}

function articleTranslations(index: number, created: number, updated: number): JsonObject {
  const german: JsonObject = {
    type: 'article_content',
    title: `Rechnungen ${index}`,
    description: 'Wie man sie liest',
    body: '<p>Siehe Seite.</p>',
    body_markdown: 'Siehe Seite.',
    author_id: 7_700_000,
    state: 'published',
    created_at: created,
    updated_at: updated,
    has_unpublished_changes: false,
    draft_updated_at: index % 2 === 0 ? updated : null,
    url: `https://help.lumenworks.example/de/articles/${4000 + index}`,
    audience_ids: index % 2 === 0 ? [41] : null,
    ai_chatbot_availability: true,
    ai_copilot_availability: true,
    ai_sales_agent_availability: false,
    created_by_id: 7_700_000,
    updated_by_id: index % 2 === 0 ? 7_700_001 : null,
  };
  return { type: 'article_translated_content', de: german };
}
