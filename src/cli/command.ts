import { ConnectorError } from '../core/errors.ts';
import type { Dialect, Session } from './session.ts';

/** What a command line asks for. */
export interface Command {
  readonly dialect: Dialect;
  readonly isDebug: boolean;
  /** Whether being broken off by SIGTERM is a success, as for a tap, whose last state brings the rest. */
  readonly isResumable?: boolean;
  /** Does it. @returns whether all went well */
  readonly run: (session: Session) => Promise<boolean>;
}

/** Text to show instead of running a command. */
export interface Notice {
  readonly text: string;
  readonly isError: boolean;
}

/** A command line that asks for what cannot be done as it stands: something is missing, or no value. */
export class UsageError extends ConnectorError {
  constructor(message: string) {
    super('config', message);
  }
}
