import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const program = `
import { createServer } from 'node:http';
import { request } from 'node:https';
import { refusedHosts, stayOnLoopback } from '${new URL('loopback-only.ts', import.meta.url)}';
stayOnLoopback();
const server = createServer((_request, response) => response.end('here'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const here = await fetch('http://127.0.0.1:' + server.address().port).then((response) => response.text());
const byFetch = await fetch('http://telemetry.test/').then(() => 'left', () => 'stayed');
const byHttps = await new Promise((resolve) =>
  request('https://collector.test/', () => resolve('left')).on('error', () => resolve('stayed')).end());
console.log(JSON.stringify({ here, byFetch, byHttps, refused: [...refusedHosts] }));
process.exit(0);
`;

test('the loopback address is reached and nothing else, by fetch or by https', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    here: 'here',
    byFetch: 'stayed',
    byHttps: 'stayed',
    refused: ['telemetry.test', 'collector.test'],
  });
});
