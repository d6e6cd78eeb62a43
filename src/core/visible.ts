/**
 * A text without what would steer a terminal or a viewer of logs: control characters but ends of lines and tabs, and those that turn the
 * direction of writing. What people write in a workspace comes up in messages, and must not pass for something else there.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '');
}

const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
