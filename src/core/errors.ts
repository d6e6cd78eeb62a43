/** Who has to act: the user (`config`), nobody but time (`transient`), or the makers of this connector (`system`). */
export type ErrorKind = 'config' | 'transient' | 'system';

/** A failure the user may be told about. `message` is for them: what was being done, what came back, what to do. */
export class ConnectorError extends Error {
  override readonly name: string = 'ConnectorError';
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
