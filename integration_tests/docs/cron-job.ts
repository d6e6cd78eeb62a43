import { parse } from 'yaml';
import { snippetsOf } from '../../scripts/pages.ts';

interface Container {
  readonly command: readonly string[];
  readonly args: readonly [script: string];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** The container that the CronJob of docs/operations.md starts. */
export function cronJob(): Container {
  const { text } = snippetsOf('docs/operations.md').find(({ mark }) => mark === 'cron')!;
  const { spec } = parse(text) as {
    readonly spec: { readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: Pod } } } };
  };
  return spec.jobTemplate.spec.template.spec.containers[0];
}

interface Pod {
  readonly containers: readonly [Container];
}
