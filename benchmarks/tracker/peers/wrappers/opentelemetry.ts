import { loadPackage } from '../load-package.ts';
import { openInstrumented, otlpImports, type Instrumentation } from '../open-telemetry.ts';
import type { Peer } from '../peer.ts';

interface Package {
  readonly OpenAIInstrumentation: new () => Instrumentation;
}

/** The OpenTelemetry project's own instrumentation. */
export const openTelemetry: Peer = {
  id: 'opentelemetry',
  name: 'OpenTelemetry',
  packages: ['@opentelemetry/instrumentation-openai', '@opentelemetry/exporter-trace-otlp-proto'],
  imports: `${otlpImports}\nimport { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';`,
  open: (setting) =>
    openInstrumented(setting, async () => {
      const { OpenAIInstrumentation } = await loadPackage<Package>('@opentelemetry/instrumentation-openai');
      return new OpenAIInstrumentation();
    }),
};
