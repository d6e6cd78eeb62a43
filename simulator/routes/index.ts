import type { Route } from '../http/router.ts';
import { COMPANY_ROUTES } from './companies.ts';
import { CONTACT_ROUTES } from './contacts.ts';
import { CONTENT_ROUTES } from './content.ts';
import { CONVERSATION_ROUTES } from './conversations.ts';
import { EVENT_ROUTES } from './events.ts';
import { WORKSPACE_ROUTES } from './workspace.ts';

/** Every route that the simulator answers. */
export const ROUTES: readonly Route[] = [
  ...WORKSPACE_ROUTES,
  ...CONTACT_ROUTES,
  ...COMPANY_ROUTES,
  ...CONVERSATION_ROUTES,
  ...EVENT_ROUTES,
  ...CONTENT_ROUTES,
];
