import { describe, test } from 'vitest';
import {
  describeProviderWrapper,
  type ProviderWrapperSuite,
} from '../../testing/describe-provider-wrapper.ts';
import { openDriver } from './__fixtures__/open-driver.ts';
import { sdkMajors } from './__fixtures__/sdk-majors.ts';

type Skips = NonNullable<ProviderWrapperSuite['skips']>;

const always: Skips = [
  {
    promise: 'records each attempt that the SDK makes, and counts one call',
    reason: 'The AI SDK repeats calls above its models, so that each attempt is a call of the model.',
  },
];
const onResponses5: Skips = [
  {
    promise: 'tells zero from nothing reported',
    reason: 'The provider of this major refuses a response that reports no usage.',
  },
];

describe.each(sdkMajors)('$name', (major) => {
  describe.each(['chat', 'responses'] as const)('%s', (kind) => {
    describeProviderWrapper({
      test,
      open: () => openDriver(major, kind),
      skips: major.name === 'ai 5' && kind === 'responses' ? [...always, ...onResponses5] : always,
    });
  });
});
