import { loadPackage, requirePackage } from '../load-package.ts';
import type { ChatClientClass, Peer } from '../peer.ts';
import type { TracerProvider } from '../open-telemetry.ts';

interface Package {
  readonly init: (options: { otlpEndpoint: string; applicationName: string }) => void;
}
interface ApiPackage {
  readonly trace: { readonly getTracerProvider: () => { readonly getDelegate?: () => TracerProvider } };
}

/** OpenLIT, which patches the package when it is loaded. */
export const openLit: Peer = {
  id: 'openlit',
  name: 'OpenLIT',
  packages: ['openlit'],
  imports: `import openlit from 'openlit';`,
  async open({ endpoint, fetch }) {
    const openlit = requirePackage<{ default: Package }>('openlit').default;
    openlit.init({ otlpEndpoint: endpoint, applicationName: 'bench' });
    const { trace } = await loadPackage<ApiPackage>('@opentelemetry/api');
    const { OpenAI } = requirePackage<{ OpenAI: ChatClientClass }>('openai');
    return {
      client: new OpenAI({ apiKey: 'bench', fetch }),
      flush: async () => trace.getTracerProvider().getDelegate?.().forceFlush(),
    };
  },
};
