import { Agent, request } from 'node:http';

/**
 * The least that reading contacts can cost: ask for a page, parse it, write each record as a line, ask for the next page. No
 * retries, no pacing, no state, no schema; the measure for the connector.
 */
const [, , url = '', token = ''] = process.argv;
const agent = new Agent({ keepAlive: true });

interface Page {
  readonly data: readonly object[];
  readonly pages: { readonly next?: { readonly starting_after: string } };
}

function search(after: string | undefined): Promise<string> {
  const body = JSON.stringify({
    query: { field: 'updated_at', operator: '>', value: 0 },
    sort: { field: 'updated_at', order: 'ascending' },
    pagination: { per_page: 150, ...(after === undefined ? {} : { starting_after: after }) },
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'intercom-version': '2.16' };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/contacts/search`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          resolve(Buffer.concat(chunks).toString());
        });
    });
    sent.on('error', reject).end(body);
  });
}

let after: string | undefined;
do {
  const page = JSON.parse(await search(after)) as Page;
  after = page.pages.next?.starting_after;
  const head = `{"type":"RECORD","record":{"stream":"contacts","emitted_at":${Date.now()},"data":`;
  let lines = '';
  for (const record of page.data) lines += `${head}${JSON.stringify(record)}}}\n`;
  if (!process.stdout.write(lines)) await new Promise((resolve) => process.stdout.once('drain', resolve));
} while (after !== undefined);
agent.destroy();
