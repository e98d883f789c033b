import { loadPackage } from '../load-package.ts';
import { openInstrumented, otlpImports, type Instrumentation } from '../open-telemetry.ts';
import type { Peer } from '../peer.ts';

interface Package {
  readonly OpenAIInstrumentation: new () => Instrumentation;
}

/** Arize's instrumentation. */
export const openInference: Peer = {
  id: 'openinference',
  name: 'OpenInference',
  packages: ['@arizeai/openinference-instrumentation-openai', '@opentelemetry/exporter-trace-otlp-proto'],
  imports: `${otlpImports}\nimport { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';`,
  open: (setting) =>
    openInstrumented(setting, async () => {
      const { OpenAIInstrumentation } = await loadPackage<Package>(
        '@arizeai/openinference-instrumentation-openai',
      );
      return new OpenAIInstrumentation();
    }),
};
