import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { driveAgents, driveChat, driveFim, openDriver } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';

describe.each(sdkVersions)('$name', ({ Mistral }) => {
  describe.each([
    { family: 'chat', drive: driveChat },
    { family: 'agents', drive: driveAgents },
    { family: 'completions of code', drive: driveFim },
  ])('$family', ({ drive }) => {
    describeProviderWrapper({ test, open: () => openDriver(Mistral, drive) });
  });
});
