import { loadPackage } from '../load-package.ts';
import { registerProvider } from '../open-telemetry.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface OpenAIPackage {
  readonly observeOpenAI: (client: ChatClient) => ChatClient;
}
interface OtelPackage {
  readonly LangfuseSpanProcessor: new (options: {
    publicKey: string;
    secretKey: string;
    baseUrl: string;
  }) => object;
}

/** Langfuse's wrapper with its span processor. */
export const langfuse: Peer = {
  id: 'langfuse',
  name: 'Langfuse',
  packages: ['@langfuse/openai', '@langfuse/otel'],
  imports: `import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { observeOpenAI } from '@langfuse/openai';`,
  async open({ endpoint, fetch, OpenAI }) {
    const { LangfuseSpanProcessor } = await loadPackage<OtelPackage>('@langfuse/otel');
    const { observeOpenAI } = await loadPackage<OpenAIPackage>('@langfuse/openai');
    const provider = await registerProvider([
      new LangfuseSpanProcessor({ publicKey: 'pk-lf-bench', secretKey: 'sk-lf-bench', baseUrl: endpoint }),
    ]);
    return {
      client: observeOpenAI(new OpenAI({ apiKey: 'bench', fetch })),
      flush: () => provider.forceFlush(),
    };
  },
};
