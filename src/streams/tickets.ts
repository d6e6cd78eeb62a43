import type { PartOfATicket, Ticket } from '../generated/schemas.ts';
import { list, objectsIn, rows, search, stream } from '../readers/index.ts';

const PERMISSION = 'Read tickets';

/** Every ticket, its parts inside. */
const everyTicket = search<Ticket>('/tickets/search', 'tickets', { purpose: 'Reading tickets' });

export const tickets = stream('tickets', {
  title: 'Tickets',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  read: everyTicket,
});

export const ticketParts = stream('ticket_parts', {
  title: 'Ticket Parts',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  read: rows<Ticket, PartOfATicket>(everyTicket, ({ id, ticket_parts: parts }) =>
    objectsIn(parts, 'ticket_parts').map((part) => ({ ...part, ticket_id: id })),
  ),
});

export const ticketTypes = stream('ticket_types', {
  title: 'Ticket Types',
  primaryKey: ['id'],
  permission: PERMISSION,
  read: list('/ticket_types', 'data', { purpose: 'Reading ticket types' }),
});

export const ticketStates = stream('ticket_states', {
  title: 'Ticket States',
  primaryKey: ['id'],
  permission: PERMISSION,
  read: list('/ticket_states', 'data', { purpose: 'Reading ticket states' }),
});
