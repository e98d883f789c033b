import { createOpenAI } from '@ai-sdk/openai';
import { LegacyOpenTelemetry, OpenTelemetry } from '@ai-sdk/otel';
import { embed, generateText, streamText, type Telemetry } from 'ai';
import { finish, settings, traced } from './start-telemetry.ts';

const openai = createOpenAI({ apiKey: 'sk-test', baseURL: settings.baseURL });
const { prompt } = settings;
const traceIds: string[] = [];

// By OpenTelemetry's names, then by its own older ones.
for (const integration of [new OpenTelemetry(), new LegacyOpenTelemetry()]) {
  const telemetry = { integrations: [integration as Telemetry] };
  traceIds.push(
    await traced(async () => {
      await generateText({ model: openai.chat('gpt-4o-mini'), prompt, telemetry });
      const { textStream } = streamText({ model: openai.chat('gpt-4o-mini'), prompt, telemetry });
      for await (const part of textStream) void part;
      await generateText({ model: openai.responses('gpt-4o-mini'), prompt, telemetry });
      await embed({ model: openai.embedding('text-embedding-3-small'), value: prompt, telemetry });
    }),
  );
}
await finish(traceIds);
