import { execFile } from 'node:child_process';
import { styleText } from 'node:util';

/**
 * Asks the registry which of the packages in package-lock.json have known vulnerabilities. Ends with 1 where something that ships has some, and with
 * 69 where nothing could be checked: a registry without that service must not be taken for one that knows of nothing.
 */
async function main(): Promise<number> {
  const shipped = await audit('--omit=dev');
  if ('refusal' in shipped) return unchecked(shipped.refusal);
  const all = await audit();
  if ('refusal' in all) return unchecked(all.refusal);
  const rest = all.found.filter((each) => !shipped.found.includes(each));
  console.log(`What ships has ${counted(shipped.found)}; what it is built and tested with has ${counted(rest)}.`);
  for (const each of [...shipped.found, ...rest]) console.log(`  ${each}`);
  return shipped.found.length === 0 ? 0 : VULNERABLE;
}

/** Packages with what is known of them, or why the registry did not say. */
type Audit = { readonly found: readonly string[] } | { readonly refusal: string };

function audit(...words: readonly string[]): Promise<Audit> {
  return new Promise((resolve) => {
    execFile(
      'npm',
      ['audit', '--json', '--package-lock-only', ...words],
      { maxBuffer: MOST_BYTES },
      (error, stdout) => {
        resolve(reportOf(stdout) ?? { refusal: error?.message ?? 'npm gave no report' });
      },
    );
  });
}

function reportOf(stdout: string): Audit | undefined {
  try {
    const report = JSON.parse(stdout) as Partial<Report> & { readonly message?: string };
    // Only a report has a version: an error, which npm also writes as JSON, must not pass for an empty one.
    if (report.auditReportVersion === undefined || report.vulnerabilities === undefined)
      return { refusal: report.message ?? 'npm gave no report' };
    const found = Object.values(report.vulnerabilities);
    return { found: found.map(({ name, severity, via }) => `${severity}: ${name} (${via.map(reason).join('; ')})`) };
  } catch {
    return undefined;
  }
}

/** What is known of a package: an advisory, or the package that it has it from. */
function reason(via: Advisory | string): string {
  return typeof via === 'string' ? `by way of ${via}` : `${via.title}, ${via.url}`;
}

function unchecked(refusal: string): number {
  const text = `NOTHING WAS CHECKED: this registry does not say which packages are vulnerable (${refusal}).`;
  console.log(styleText(['bold', 'yellow'], text, { stream: process.stdout }));
  console.log('Whether they are is not known. Ask a registry that does: npm audit --omit=dev --registry URL');
  return UNCHECKED;
}

function counted(found: readonly string[]): string {
  return found.length === 1 ? '1 vulnerable package' : `${found.length} vulnerable packages`;
}

interface Report {
  readonly auditReportVersion: number;
  readonly vulnerabilities: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly via: readonly (Advisory | string)[] }>
  >;
}

interface Advisory {
  readonly title: string;
  readonly url: string;
}

const VULNERABLE = 1;
/** EX_UNAVAILABLE of sysexits.h. */
const UNCHECKED = 69;
const MOST_BYTES = 64 * 1024 * 1024;

process.exitCode = await main();
