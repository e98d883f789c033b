import { loadPackage } from '../load-package.ts';
import type { TracerProvider } from '../open-telemetry.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface TracingPackage {
  readonly initializeTracing: (key: string, options: { collectorEndpoint: string }) => void;
  readonly getPaidTracerProvider: () => TracerProvider | undefined;
  readonly trace: (
    attribution: { externalCustomerId: string; externalProductId: string },
    work: () => Promise<void>,
  ) => Promise<void>;
}
interface OpenAIPackage {
  readonly PaidOpenAI: new (client: ChatClient) => ChatClient;
}

/** Paid's wrapper. */
export const paid: Peer = {
  id: 'paid',
  name: 'Paid',
  packages: ['@paid-ai/paid-node'],
  imports: `import { initializeTracing, trace } from '@paid-ai/paid-node/tracing';\nimport { PaidOpenAI } from '@paid-ai/paid-node/openai';`,
  note: 'each call in a trace of a customer and a product, as its documentation says',
  // It sends neither the prompt nor the answer's id, so what is counted is the spans of calls.
  records: /"spanId":"([0-9a-f]{16})"(?:(?!"spanId")[^])*?"name":"paid\.trace\.trace\.openai\.chat"/g,
  async open({ endpoint, fetch, OpenAI }) {
    const { initializeTracing, getPaidTracerProvider, trace } = await loadPackage<TracingPackage>(
      '@paid-ai/paid-node/tracing',
    );
    const { PaidOpenAI } = await loadPackage<OpenAIPackage>('@paid-ai/paid-node/openai');
    initializeTracing('bench', { collectorEndpoint: `${endpoint}/v1/traces` });
    return {
      client: new PaidOpenAI(new OpenAI({ apiKey: 'bench', fetch })),
      flush: async () => getPaidTracerProvider()?.forceFlush(),
      within: (index, call) =>
        trace({ externalCustomerId: `cus_${index % 40}`, externalProductId: 'support-agent' }, call),
    };
  },
};
