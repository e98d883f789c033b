import { createRequire } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import type OpenAI from 'openai-6';
import { finish, settings, traced, tracerProvider } from './start-telemetry.ts';

// It patches openai below 7, when that is required.
registerInstrumentations({
  instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })],
  tracerProvider,
});
const sdk = createRequire(import.meta.url)('openai-6') as { readonly OpenAI: typeof OpenAI };
const openai = new sdk.OpenAI({ apiKey: 'sk-test', baseURL: settings.baseURL, maxRetries: 0 });
const messages = [{ role: 'user' as const, content: settings.prompt }];

const answered = await traced(async () => {
  await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) void chunk;
});
const refused = await traced(() =>
  openai.chat.completions.create({ model: 'refused', messages }).catch(() => undefined),
);
await finish([answered, refused]);
