import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import OpenAI from 'openai-6';
import { finish, settings, traced, tracerProvider } from './start-telemetry.ts';

// It takes openai below 7, and puts prompts and answers on its spans unless it is told otherwise.
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(tracerProvider);
instrumentation.manuallyInstrument(OpenAI as never);
const openai = new OpenAI({ apiKey: 'sk-test', baseURL: settings.baseURL, maxRetries: 0 });
const messages = [{ role: 'user' as const, content: settings.prompt }];

const answered = await traced(async () => {
  await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
  await openai.responses.create({ model: 'gpt-4o-mini', input: settings.prompt });
});
const streamed = await traced(async () => {
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) void chunk;
});
await finish([answered, streamed]);
