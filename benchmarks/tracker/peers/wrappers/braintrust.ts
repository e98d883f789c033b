import { loadPackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface Logger {
  readonly flush: () => Promise<void>;
}
interface Package {
  readonly initLogger: (options: {
    projectName: string;
    apiKey: string;
    appUrl: string;
    asyncFlush: boolean;
  }) => Logger;
  readonly wrapOpenAI: (client: ChatClient) => ChatClient;
}

/** Braintrust's wrapper. */
export const braintrust: Peer = {
  id: 'braintrust',
  name: 'Braintrust',
  packages: ['braintrust'],
  imports: `import { initLogger, wrapOpenAI } from 'braintrust';`,
  environment: (endpoint) => ({ BRAINTRUST_API_URL: endpoint, BRAINTRUST_APP_URL: endpoint }),
  answer(path, _body, endpoint) {
    if (path.includes('apikey/login')) {
      const organization = { id: 'org', name: 'bench', api_url: endpoint, proxy_url: endpoint };
      return JSON.stringify({ org_info: [organization] });
    }
    if (path.includes('project/register'))
      return JSON.stringify({ project: { id: 'project', name: 'bench' } });
    return path.includes('logs3') ? JSON.stringify({ ids: [] }) : undefined;
  },
  async open({ endpoint, fetch, OpenAI }) {
    const { initLogger, wrapOpenAI } = await loadPackage<Package>('braintrust');
    const logger = initLogger({ projectName: 'bench', apiKey: 'bench', appUrl: endpoint, asyncFlush: true });
    return {
      client: wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch })),
      flush: () => logger.flush(),
    };
  },
};
