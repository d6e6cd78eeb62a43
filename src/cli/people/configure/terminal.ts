import type { ReadStream, WriteStream } from 'node:tty';
import * as clack from '@clack/prompts';
import { Interrupted } from '../../signals.ts';
import type { Asking, Choice } from './asking.ts';
import { wrapped } from './wrap.ts';

/** The person who sits at a terminal. Questions end with `signal`, and with Ctrl-C, Ctrl-D or the end of the input. */
export function terminal(input: ReadStream, output: WriteStream, signal: AbortSignal): Asking {
  // Escape is too near to lose all answers by it.
  clack.settings.aliases.delete('escape');
  const answer = async <T>(
    ask: (common: clack.CommonOptions) => Promise<T | typeof clack.CANCEL_SYMBOL>,
  ): Promise<T> => {
    const enough = new AbortController();
    const stop = (): void => {
      enough.abort();
    };
    const onKey = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined): void => {
      if (key?.ctrl === true && key.name === 'd') stop();
    };
    input.once('end', stop).on('keypress', onKey);
    try {
      const found = await ask({ input, output, signal: AbortSignal.any([signal, enough.signal]) });
      if (!clack.isCancel(found)) return found;
    } finally {
      input.off('end', stop).off('keypress', onKey);
    }
    clack.cancel('Stopped. Nothing was written.', { output });
    throw new Interrupted();
  };
  const fitting = (text: string): readonly string[] => wrapped(text, output.columns - BAR.length);
  // Of these questions, clack lets the further lines of a message begin at the edge.
  const guided = (message: string): string => fitting(message).join(`\n${BAR}`);
  clack.intro('Ctrl-C stops. Nothing is written before the last answer.', { output });
  return {
    tell: (text) => {
      clack.log.info(fitting(text).join('\n'), { output });
    },
    warn: (text) => {
      clack.log.warn(fitting(text).join('\n'), { output });
    },
    secret: (message) => answer((common) => clack.password({ ...common, message: guided(message) })),
    text: (message, { initial, placeholder = '', problemOf }) =>
      answer((common) =>
        clack.text({
          ...common,
          message: guided(message),
          initialValue: initial,
          placeholder,
          validate: (typed) => problemOf?.(typed ?? ''),
        }),
      ),
    one: (message, choices, initial) =>
      answer((common) =>
        clack.select({
          ...common,
          message: fitting(message).join('\n'),
          initialValue: initial,
          options: choices.map(optionOf),
        }),
      ),
    many: (message, choices, initial, isRequired = false) =>
      choices.length === 0
        ? Promise.resolve([])
        : answer((common) =>
            clack.autocompleteMultiselect({
              ...common,
              message: guided(message),
              required: isRequired,
              initialValues: [...initial],
              options: choices.map(optionOf),
              maxItems: MOST_SHOWN,
            }),
          ),
  };
}

function optionOf<T extends string>({ value, label, hint }: Choice<T>): clack.Option<T> {
  return { value, label, ...(hint === undefined ? {} : { hint }) } as clack.Option<T>;
}

const BAR = `${clack.S_BAR}  `;
/** Lines of a list; a long one scrolls. */
const MOST_SHOWN = 15;
