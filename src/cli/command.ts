import type { Dialect, Session } from './session.ts';

/** What a command line asks for. */
export interface Command {
  readonly dialect: Dialect;
  readonly isDebug: boolean;
  /** Does it. @returns whether all went well */
  readonly run: (session: Session) => Promise<boolean>;
}

/** Text to show instead of running a command. */
export interface Notice {
  readonly text: string;
  readonly isError: boolean;
}
