import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { families, openDriver } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';

describe.each(sdkVersions)('$name', ({ sdk }) => {
  describe.each(Object.entries(families))('%s', (_name, family) => {
    describeProviderWrapper({
      test,
      open: () => openDriver(sdk, family),
      skips: [
        {
          promise: 'counts a call once, in exact buckets',
          reason: 'Cohere does not say which model answered; the rest of it is held by conformance.test.ts.',
        },
      ],
    });
  });
});
