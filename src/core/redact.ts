/**
 * A function that masks the secrets in any text, however they are written there: as they are, URL-encoded, JSON-escaped, in
 * hexadecimal digits, or inside something that was base64-encoded.
 *
 * Values of fewer than four characters are not masked: they would hide half of every message, and protect nothing.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const value of new Set([secret, secret.trim()])) {
      if (value.length < SHORTEST_SECRET) continue;
      for (const form of plainForms(value)) forms.add(form);
      for (const form of encodedForms(value)) if (form.length >= SHORTEST_ENCODED) forms.add(form);
    }
  }
  if (forms.size === 0) return (text) => text;
  // The longest first: a form that begins with a shorter one must not leave its end behind.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapePattern).join('|'), 'g');
  return (text) => text.replace(pattern, MASK);
}

function plainForms(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const component = encodeURIComponent(value.toWellFormed());
  return [
    value,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    component,
    component.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    component.replaceAll('%20', '+'),
    encodeURI(value.toWellFormed()),
  ];
}

function encodedForms(value: string): string[] {
  const hex = Buffer.from(value).toString('hex');
  return [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((before) => base64Forms(value, before))];
}

/** The characters that the value certainly has in a base64 text that holds it after `before` (modulo three) other bytes. */
function base64Forms(value: string, before: number): string[] {
  const bytes = Buffer.from(value);
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor((whole.length * 8) / 6);
  const form = whole.toString('base64').slice(from, to);
  return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

const MASK = '****';
const SHORTEST_SECRET = 4;
const SHORTEST_ENCODED = 8;
