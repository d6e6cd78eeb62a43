import { describe, expect, test } from '@jest/globals';
import { Calendar } from './timezone.ts';

describe('Calendar', () => {
  test.each([
    ['UTC', '2026-03-02T12:00:00Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'],
    ['UTC', '2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'],
    ['UTC', '2026-03-02T23:59:59Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'],
    ['Pacific/Pago_Pago', '2026-03-02T10:59:59Z', '2026-03-01T11:00:00Z', '2026-03-02T11:00:00Z'],
    ['Pacific/Pago_Pago', '2026-03-02T11:00:00Z', '2026-03-02T11:00:00Z', '2026-03-03T11:00:00Z'],
    ['Pacific/Kiritimati', '2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z', '2026-03-03T10:00:00Z'],
    ['Asia/Kolkata', '2026-03-02T18:29:59Z', '2026-03-01T18:30:00Z', '2026-03-02T18:30:00Z'],
    ['Europe/Berlin: 23 hours', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['Europe/Berlin: 25 hours', '2025-10-26T12:00:00Z', '2025-10-25T22:00:00Z', '2025-10-26T23:00:00Z'],
    ['Africa/Cairo: begins at one', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    ['Australia/Lord_Howe: half an hour', '2026-04-05T00:00:00Z', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'],
    [
      'Pacific/Apia: the day before a skipped one',
      '2011-12-30T00:00:00Z',
      '2011-12-29T10:00:00Z',
      '2011-12-30T10:00:00Z',
    ],
  ])('%s: the day of %s', (zone, moment, start, end) => {
    const day = new Calendar(zone.split(':')[0]!).dayOf(Date.parse(moment) / 1000);
    expect([iso(day.start), iso(day.end)]).toEqual([iso(Date.parse(start) / 1000), iso(Date.parse(end) / 1000)]);
  });
});

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
