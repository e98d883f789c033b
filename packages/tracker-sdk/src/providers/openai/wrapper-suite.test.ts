import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { driveChat, driveResponses, openDriver } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';

describe.each(sdkVersions)('$name', ({ OpenAI }) => {
  describe('chat completions', () => {
    describeProviderWrapper({ test, open: () => openDriver(OpenAI, driveChat) });
  });
  describe('responses', () => {
    describeProviderWrapper({
      test,
      open: () => openDriver(OpenAI, driveResponses),
    });
  });
});
