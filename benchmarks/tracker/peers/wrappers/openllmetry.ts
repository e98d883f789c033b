import { loadPackage } from '../load-package.ts';
import { openInstrumented, otlpImports, type Instrumentation } from '../open-telemetry.ts';
import type { Peer } from '../peer.ts';

interface Package {
  readonly OpenAIInstrumentation: new () => Instrumentation;
}

/** Traceloop's instrumentation. */
export const openLlmetry: Peer = {
  id: 'openllmetry',
  name: 'OpenLLMetry',
  packages: ['@traceloop/instrumentation-openai', '@opentelemetry/exporter-trace-otlp-proto'],
  imports: `${otlpImports}\nimport { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';`,
  open: (setting) =>
    openInstrumented(setting, async () => {
      const { OpenAIInstrumentation } = await loadPackage<Package>('@traceloop/instrumentation-openai');
      return new OpenAIInstrumentation();
    }),
};
