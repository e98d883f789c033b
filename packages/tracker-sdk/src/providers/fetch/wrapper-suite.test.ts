import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { openDriver } from './__fixtures__/open-driver.ts';

describe.each(['chat', 'responses', 'messages'] as const)('a client of %s with a tracked fetch', (kind) => {
  describeProviderWrapper({
    test,
    open: () => openDriver(kind),
    skips: [
      {
        promise: 'records a call that was aborted before it began',
        reason: 'The client makes no request then, so there is nothing to see on the wire.',
      },
      {
        promise: 'records each attempt that the SDK makes, and counts one call',
        reason: 'On the wire a retry is a request like any other: each is a call of its own.',
      },
      {
        promise: 'counts once when the client is wrapped twice',
        reason: 'A fetch function is given back as a new one; that it counts once is a test of its own.',
      },
    ],
  });
});
