import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { openDriver } from './__fixtures__/open-driver.ts';

describe.each([
  ['chat completions', false],
  ['responses', true],
] as const)('ChatOpenAI on %s', (_, useResponsesApi) => {
  describeProviderWrapper({
    test,
    open: () => openDriver(useResponsesApi),
    skips: [
      {
        promise: 'records each attempt that the SDK makes, and counts one call',
        reason: 'LangChain repeats requests below its handlers, which see one run.',
      },
      {
        promise: 'records a stream that the host breaks off, and stops the request',
        reason:
          'LangChain tells its handlers nothing when a stream is left; the run is recorded when it is swept.',
      },
      {
        promise: 'records a stream whose consumer throws, and lets the error through',
        reason:
          'LangChain tells its handlers nothing when a stream is left; the run is recorded when it is swept.',
      },
      {
        promise: 'attributes explicitly without ambient storage',
        reason: 'A handler is made for the context of a run in place of wrapping a client again.',
      },
    ],
  });
});
