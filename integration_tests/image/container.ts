import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import type { TapRun } from '../singer/support/run.ts';
import { startTap as startTapProgram, type Running as RunningTap, type TapOptions } from '../singer/support/tap.ts';
import { startConnector, type Running, type RunOptions } from '../support/connector.ts';
import { temporaryFolder, writeInput } from '../support/folder.ts';
import type { Run } from '../support/run.ts';

/** How a container is run. */
export interface Container extends RunOptions {
  /** Options of `docker run`: `['--read-only']`. */
  readonly flags?: readonly string[];
  /** A folder of the host that the container sees as /data. */
  readonly data?: string;
  /** Default: the image's own. */
  readonly entrypoint?: string;
}

/** Runs the image to its end. @throws Error that lists what was wrong with its output */
export function run(words: readonly string[], container: Container = {}): Promise<Run> {
  return start(words, container).ended;
}

export function start(words: readonly string[], container: Container = {}): Running {
  return startConnector(words, { ...container, ...launched(container) });
}

/** Runs the image as a Singer tap, with options alone. @throws Error that lists what was wrong with its output */
export function runTap(words: readonly string[], container: Container & TapOptions = {}): Promise<TapRun> {
  return startTap(words, container).ended;
}

export function startTap(words: readonly string[], container: Container & TapOptions = {}): RunningTap {
  return startTapProgram({}, { ...container, ...launched(container), more: words });
}

/** Runs another program of the image, or of another image. @returns what it printed */
export async function inside(words: readonly string[], { image = IMAGE, flags = [] as readonly string[] } = {}) {
  const [program = '', ...more] = words;
  return (await engine('run', ...ALWAYS, ...flags, '--entrypoint', program, image, ...more)).trim();
}

/** @returns what a command of Docker or podman prints */
export async function engine(...words: readonly string[]): Promise<string> {
  return (await promisify(execFile)(ENGINE, words, { cwd: FOLDER, maxBuffer: 1e8 })).stdout;
}

/** A part of what `inspect` tells of an image. */
export async function inspect(format: string, image = IMAGE): Promise<string> {
  return (await engine('image', 'inspect', '--format', format, image)).trim();
}

/** A folder of files that every user of a container may read and change: it is up to the connector to leave them as they are. */
export function dataFolder(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  for (const [name, value] of Object.entries(files)) chmodSync(writeInput(folder, name, value), 0o666);
  return folder;
}

/** The files of a folder, with the checksums of what they hold. */
export function checksums(folder: string): Readonly<Record<string, string>> {
  const hash = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(readdirSync(folder).map((name) => [name, hash(name)]));
}

/** Prints what a test saw, beside its name. */
export function saw(what: string): void {
  writeSync(1, `  ${expect.getState().currentTestName ?? ''}: ${what}\n`);
}

function launched({ flags = [], data, entrypoint, api }: Container): Pick<RunOptions, 'executable' | 'cwd' | 'env'> {
  return {
    executable: [
      ENGINE,
      'run',
      ...ALWAYS,
      ...(api === undefined ? [] : ['--env', `SOURCE_INTERCOM_API_URL=${api}`]),
      ...(data === undefined ? [] : ['--volume', `${data}:/data`]),
      ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
      ...flags,
      IMAGE,
    ],
    cwd: FOLDER,
    env: process.env as Readonly<Record<string, string>>,
  };
}

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run scripts/verify-image.sh`);
  return value;
}

/** `docker` or `podman`. */
const ENGINE = given('ENGINE');
/** The image under test. */
const IMAGE = given('IMAGE');
/** What it is built on. */
export const BASE_IMAGE = given('BASE_IMAGE');
/** Where the engine runs: beside a container that took too much memory, podman leaves a file `oom` there. */
const FOLDER = tmpdir();
/** By the label, what a broken run leaves behind is found. */
const ALWAYS = ['--rm', '--network', 'host', '--label', given('LABEL')];
