import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import OpenAI from 'openai';
import { finish, settings, traced, tracerProvider } from './start-telemetry.ts';

const instrumentation = new OpenAIInstrumentation({ tracerProvider });
instrumentation.manuallyInstrument({ OpenAI } as never);
const openai = new OpenAI({ apiKey: 'sk-test', baseURL: settings.baseURL, maxRetries: 0 });
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
  await openai.responses.create({ model: 'gpt-4o-mini', input: settings.prompt });
});
await finish([answered]);
