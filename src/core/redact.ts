/**
 * A function that masks the secrets in any text, however they are written there: as they are, URL-encoded (once or twice),
 * JSON-escaped, in hexadecimal digits, inside something that was base64-encoded, or, where they are base64 themselves, decoded.
 *
 * A text must be masked whole, and cut afterwards: the rest of a secret that was cut is not recognised. Values of fewer than four characters are not masked: they would hide half of every message, and protect nothing.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const value of new Set([secret, secret.trim()])) {
      if (value.length < SHORTEST_SECRET) continue;
      for (const form of [...plainForms(value), ...decodedForms(value).flatMap(plainForms)]) forms.add(form);
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
    encodeURIComponent(component),
  ];
}

/** What a value says that is base64, as Intercom's tokens are (`tok:...`). */
function decodedForms(value: string): string[] {
  if (!BASE64.test(value)) return [];
  const decoded = Buffer.from(value, 'base64').toString();
  return PRINTABLE.test(decoded) ? [decoded] : [];
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

const BASE64 = /^[\w+/-]+={0,2}$/;
/** Long enough to be no accident. */
const PRINTABLE = /^[\x20-\x7e]{8,}$/;
const MASK = '****';
const SHORTEST_SECRET = 4;
const SHORTEST_ENCODED = 8;
