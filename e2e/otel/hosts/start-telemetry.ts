import { context, propagation, trace, type Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { HostSettings } from '../open-road.ts';

/** What the test told this process. */
export const settings = JSON.parse(process.env['OTEL_ROAD'] ?? '{}') as HostSettings;

const exporterSettings = {
  url: `${settings.endpoint}/v1/otlp/v1/traces`,
  headers: { authorization: `Bearer ${settings.key}` },
  ...(settings.gzip ? { compression: 'gzip' as never } : {}),
};
const exporter =
  settings.form === 'protobuf' ? new ProtobufExporter(exporterSettings) : new JsonExporter(exporterSettings);

/** A host's own OpenTelemetry, with an exporter to the server. */
export const tracerProvider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
tracerProvider.register();

/** Runs a function under a span and with this baggage; answers with the id of its trace. */
export async function traced(body: () => Promise<unknown>, baggage: Attributes = {}): Promise<string> {
  const span = tracerProvider.getTracer('host').startSpan('request');
  const entries = Object.entries(baggage).map(([key, value]) => [key, { value: String(value) }] as const);
  const under = propagation.setBaggage(
    trace.setSpan(context.active(), span),
    propagation.createBaggage(Object.fromEntries(entries)),
  );
  await context.with(under, body);
  span.end();
  return span.spanContext().traceId;
}

/** Exports everything and tells the test which traces there are. */
export async function finish(traceIds: readonly string[]): Promise<void> {
  // Instrumentations end their spans a moment after the host has its answer.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await tracerProvider.shutdown();
  process.stdout.write(JSON.stringify(traceIds));
}
