import { expect, test } from 'vitest';
import { readTraceparent } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentSpanId = 'b7ad6b7169203331';

test('a traceparent gives its trace and its span', () => {
  expect(readTraceparent(`00-${traceId}-${parentSpanId}-01`)).toEqual({ traceId, parentSpanId });
});

test('a later version with more fields is read too', () => {
  expect(readTraceparent(`cc-${traceId}-${parentSpanId}-01-what-else`)).toEqual({ traceId, parentSpanId });
});

test.each([
  ['nothing', undefined],
  ['other text', 'hello'],
  ['capitals', `00-${traceId.toUpperCase()}-${parentSpanId}-01`],
  ['an all-zero trace', `00-${'0'.repeat(32)}-${parentSpanId}-01`],
  ['an all-zero span', `00-${traceId}-${'0'.repeat(16)}-01`],
])('%s is no trace', (_, header) => {
  expect(readTraceparent(header)).toBeUndefined();
});
