import { describe, test } from 'vitest';
import {
  describeProviderWrapper,
  type ProviderWrapperSuite,
} from '../../testing/describe-provider-wrapper.ts';
import { driveChats, driveModels, openDriver } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';

type Skips = NonNullable<ProviderWrapperSuite['skips']>;

const firstMajor: Skips = [
  {
    promise: 'records each attempt that the SDK makes, and counts one call',
    reason: 'This version retries around the global fetch, where no call can be told from another.',
  },
  {
    promise: 'lets an error in the middle of a stream through and records it',
    reason: 'This version takes an error event for an empty answer, so there is no error to let through.',
  },
  {
    promise: 'records a call that was aborted before it began',
    reason: 'This version makes the request of a signal that was aborted before.',
  },
];

const usageInEveryChunk: Skips = [
  {
    promise: 'records a stream that the host breaks off, and stops the request',
    reason:
      'The Gemini API tells usage with every chunk, so a broken stream has some; conformance.test.ts holds it.',
  },
];

describe.each(sdkVersions)('$name', (version) => {
  const skips = version.showsRetries ? [] : firstMajor;
  describe('models on Vertex AI', () => {
    describeProviderWrapper({ test, skips, open: () => openDriver(version, 'vertex', driveModels) });
  });
  describe('models on the Gemini API', () => {
    describeProviderWrapper({
      test,
      skips: [...skips, ...usageInEveryChunk],
      open: () => openDriver(version, 'gemini', driveModels),
    });
  });
  describe('chats', () => {
    describeProviderWrapper({ test, skips, open: () => openDriver(version, 'vertex', driveChats) });
  });
});
