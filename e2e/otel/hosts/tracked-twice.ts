import { createRequire } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type OpenAI from 'openai-6';
import { createTracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { tallykitSpanProcessor, withSpans } from '@tallykit/tracker-sdk/otel';
import type { HostSettings } from '../open-road.ts';

// A host with both: an instrumentation whose spans go to the tracker, and a wrapped client that makes spans of its own.
const settings = JSON.parse(process.env['OTEL_ROAD'] ?? '{}') as HostSettings;
const tracker = createTracker({ endpoint: settings.endpoint, apiKey: settings.key });
const tracerProvider = new NodeTracerProvider({ spanProcessors: [tallykitSpanProcessor(tracker)] });
tracerProvider.register();
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()], tracerProvider });

const sdk = createRequire(import.meta.url)('openai-6') as { readonly OpenAI: typeof OpenAI };
const client = () => new sdk.OpenAI({ apiKey: 'sk-test', baseURL: settings.baseURL, maxRetries: 0 });
const wrapped = wrapOpenAI(client(), withSpans(tracker, { tracerProvider }), { provider: 'openai' });
const messages = [{ role: 'user' as const, content: settings.prompt }];
const request = { model: 'gpt-4o-mini', messages };

const traceIds: string[] = [];
for (const openai of [client(), wrapped]) {
  const traceId = await tracker.run({ customerId: 'cus_42', flow: 'triage' }, async (run) => {
    await openai.chat.completions.create(request);
    const stream = await openai.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) void chunk;
    return run.traceId;
  });
  traceIds.push(traceId);
}
await new Promise((resolve) => setTimeout(resolve, 50));
await tracerProvider.shutdown();
await tracker.shutdown();
const { lost, recorded } = tracker.stats();
process.stdout.write(JSON.stringify([...traceIds, JSON.stringify({ lost, recorded })]));
