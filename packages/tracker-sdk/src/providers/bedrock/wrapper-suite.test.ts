import { describe, test } from 'vitest';
import { describeProviderWrapper } from '../../testing/describe-provider-wrapper.ts';
import { driveConverse, driveInvoke, openDriver } from './__fixtures__/open-driver.ts';

describe('Converse', () => {
  describeProviderWrapper({ test, open: () => openDriver(driveConverse) });
});

describe('InvokeModel with Claude', () => {
  describeProviderWrapper({ test, open: () => openDriver(driveInvoke, ['input', 'cacheRead']) });
});
