import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { driveBeta, driveCreate, openDriver } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';

describe.each(sdkVersions)('$name', ({ Anthropic }) => {
  describe('messages', () => {
    describeProviderWrapper({ test, open: () => openDriver(Anthropic, driveCreate) });
  });
  describe('beta messages', () => {
    describeProviderWrapper({ test, open: () => openDriver(Anthropic, driveBeta) });
  });
});
