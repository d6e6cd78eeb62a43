import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

/** The parts of Airbyte messages that the demo looks at. */
export interface Message {
  readonly type: string;
  readonly record?: { readonly stream: string; readonly data: Readonly<Record<string, unknown>> };
  readonly state?: { readonly stream: { readonly stream_descriptor: { readonly name: string } } };
  readonly log?: { readonly level: string; readonly message: string };
  readonly trace?: {
    readonly error?: { readonly message: string };
    readonly stream_status?: { readonly status: string };
  };
  readonly connectionStatus?: { readonly status: string; readonly message?: string };
  readonly catalog?: { readonly streams: readonly OfferedStream[] };
}

export interface OfferedStream {
  readonly name: string;
  readonly supported_sync_modes: readonly string[];
  readonly source_defined_primary_key: readonly (readonly string[])[];
}

/** The built command line, run in a folder as a user would, against the API at `url`. */
export class Connector {
  readonly #folder: string;
  readonly #url: string;

  constructor(folder: string, url: string) {
    this.#folder = folder;
    this.#url = url;
  }

  /** Runs a command, keeps what it prints in `output`, and hands over each message. @returns the exit code */
  async run(words: readonly string[], output: string, take: (message: Message) => void): Promise<number> {
    console.log(`\n$ source-intercom ${words.join(' ')} > ${output}\n`);
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      cwd: this.#folder,
      env: { ...process.env, SOURCE_INTERCOM_API_URL: this.#url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => {
        resolve(code ?? 1);
      });
    });
    const file = createWriteStream(join(this.#folder, output));
    child.stdout.pipe(file);
    for await (const line of createInterface({ input: child.stdout })) take(JSON.parse(line) as Message);
    await finished(file);
    return ended;
  }
}

const PROGRAM = fileURLToPath(new URL('../dist/source.js', import.meta.url));
