import { UsageError } from '../../command.ts';

/** Something that can be chosen. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  /** Shown of the choice that is looked at. */
  readonly hint?: string | undefined;
}

/** A person who answers questions. Each question throws `Interrupted` when they have had enough. */
export interface Asking {
  /** Says something between questions. */
  readonly tell: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly secret: (message: string) => Promise<string>;
  readonly text: (message: string, more: TextQuestion) => Promise<string>;
  readonly one: <T extends string>(message: string, choices: readonly Choice<T>[], initial: T) => Promise<T>;
  /** Any number of them, found by typing; or at least one. */
  readonly many: (
    message: string,
    choices: readonly Choice<string>[],
    initial: readonly string[],
    isRequired?: boolean,
  ) => Promise<readonly string[]>;
}

export interface TextQuestion {
  readonly initial: string;
  readonly placeholder?: string;
  /** What is wrong with an answer, if anything. */
  readonly problemOf?: (text: string) => string | undefined;
}

/** A question that the command line may have answered, or an earlier run. */
export interface Question<T> {
  readonly given: T | undefined;
  readonly ask: (asking: Asking) => Promise<T>;
  /** What holds if nobody can be asked. */
  readonly otherwise: T | undefined;
  /** What is asked for, and the option that answers: for those who have neither. */
  readonly what: string;
  readonly flag: string;
}

/** The answer, from wherever it is to be had. @throws UsageError that names the option which would answer */
export async function answerTo<T>(question: Question<T>, asking: Asking | undefined): Promise<T> {
  const { given, ask, otherwise, what, flag } = question;
  if (given !== undefined) return given;
  if (asking !== undefined) return ask(asking);
  if (otherwise !== undefined) return otherwise;
  throw new UsageError(`Nobody can be asked for ${what}. Give ${flag}, or run this in a terminal without --yes.`);
}
