import { loadPackage, requirePackage } from './load-package.ts';
import type { ChatClientClass, OpenPeer, PeerSetting } from './peer.ts';

export interface TracerProvider {
  readonly register: () => void;
  readonly forceFlush: () => Promise<void>;
}
interface SdkPackage {
  readonly NodeTracerProvider: new (options: { spanProcessors: readonly unknown[] }) => TracerProvider;
  readonly BatchSpanProcessor: new (exporter: unknown) => object;
}
interface ExporterPackage {
  readonly OTLPTraceExporter: new (options: { url: string }) => object;
}

/** An instrumentation of the `openai` package; what is in it is OpenTelemetry's own business. */
export type Instrumentation = object;

interface InstrumentationPackage {
  readonly registerInstrumentations: (options: {
    tracerProvider: TracerProvider;
    instrumentations: readonly Instrumentation[];
  }) => void;
}

/** A tracer provider with the given span processors, registered for the process. */
export async function registerProvider(spanProcessors: readonly unknown[]): Promise<TracerProvider> {
  const { NodeTracerProvider } = await loadPackage<SdkPackage>('@opentelemetry/sdk-trace-node');
  const provider = new NodeTracerProvider({ spanProcessors });
  provider.register();
  return provider;
}

/** OpenTelemetry as its documentation sets it up: spans in batches over OTLP, with the defaults of both. */
export async function exportOverOtlp(endpoint: string): Promise<TracerProvider> {
  const { BatchSpanProcessor } = await loadPackage<SdkPackage>('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await loadPackage<ExporterPackage>(
    '@opentelemetry/exporter-trace-otlp-proto',
  );
  return registerProvider([new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))]);
}

/**
 * A client of a package that an instrumentation patches. It is the CommonJS copy, because the patch reaches every
 * client of the copy that it patches, and the bare client is of the other one.
 */
export async function openInstrumented(
  { endpoint, fetch }: PeerSetting,
  makeInstrumentation: () => Promise<Instrumentation>,
): Promise<OpenPeer> {
  const provider = await exportOverOtlp(endpoint);
  const { registerInstrumentations } = await loadPackage<InstrumentationPackage>(
    '@opentelemetry/instrumentation',
  );
  registerInstrumentations({ tracerProvider: provider, instrumentations: [await makeInstrumentation()] });
  const { OpenAI } = requirePackage<{ OpenAI: ChatClientClass }>('openai');
  return { client: new OpenAI({ apiKey: 'bench', fetch }), flush: () => provider.forceFlush() };
}

/** What an application imports for the exporter, as statements. */
export const otlpImports = `import { NodeTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';`;
