import { describe, test } from 'vitest';
import {
  describeProviderWrapper,
  type ProviderWrapperSuite,
} from '../../testing/describe-provider-wrapper.ts';
import { driveConverse, driveInvoke, openDriver } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';

const skipsOfEarlyConverse: ProviderWrapperSuite['skips'] = [
  {
    promise: 'counts a call once, in exact buckets',
    reason:
      'Converse says which model answered only for a prompt router, which this release does not know yet.',
  },
];

describe.each(sdkVersions)('$name', (version) => {
  describe('Converse', () => {
    const skips = version.protocol === 'HTTP/1.1' ? skipsOfEarlyConverse : [];
    describeProviderWrapper({ test, open: () => openDriver(version, driveConverse), skips });
  });
  describe('InvokeModel with Claude', () => {
    describeProviderWrapper({ test, open: () => openDriver(version, driveInvoke, ['input', 'cacheRead']) });
  });
});
