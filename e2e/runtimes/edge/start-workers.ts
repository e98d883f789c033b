import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { workspaceRoot } from '../../../tooling/checks/workspace-root.ts';
import { bundle } from '../../../tooling/size/bundle.ts';

/** Runtimes of Cloudflare's workers by what of Node they offer. */
export const offers = {
  nothing: { flags: [], given: '' },
  // The class is there for whoever imports it, and nowhere else.
  nodejs_als: {
    flags: ['nodejs_als'],
    given: `import { AsyncLocalStorage } from 'node:async_hooks';`,
  },
  nodejs_compat: { flags: ['nodejs_compat'], given: '' },
} as const;

/** One of {@link offers}. */
export type Offer = keyof typeof offers;

/** What the worker is told of its surroundings. */
export interface WorkerBindings {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly baseURL: string;
}

/** Workers with the same program, one for each offer, in real workerd processes. */
export interface EdgeWorkers {
  /** Asks the worker of a runtime for a path, and gives its JSON. */
  readonly ask: <Answer = unknown>(offer: Offer, path: string) => Promise<Answer>;
  /** What the program of each worker imports; its dependencies are part of it. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly close: () => Promise<void>;
}

const here = join(workspaceRoot, 'e2e/runtimes/edge');

/** Bundles the worker with the built packages and starts it in workerd, once for each offer. */
export async function startWorkers(bindings: WorkerBindings): Promise<EdgeWorkers> {
  const imported: Record<string, readonly string[]> = {};
  const workers = await Promise.all(
    Object.entries(offers).map(async ([name, { flags, given }]) => {
      const program = `${given}
        import { createEdgeWorker } from './edge-worker.mjs';
        export default createEdgeWorker(${given ? 'AsyncLocalStorage' : ''});`;
      const { text, imports } = await bundle({ program, from: here, external: ['cloudflare:workers'] });
      imported[name] = imports;
      return {
        name,
        modules: [{ type: 'ESModule' as const, path: `${name}.mjs`, contents: text }],
        compatibilityDate: '2026-01-01',
        compatibilityFlags: [...flags],
        bindings: { ...bindings },
        routes: [`${name.replace('_', '-')}.test/*`],
      };
    }),
  );
  const miniflare = new Miniflare({ workers });
  await miniflare.ready;
  return {
    imports: imported,
    async ask<Answer>(offer: Offer, path: string) {
      const response = await miniflare.dispatchFetch(`http://${offer.replace('_', '-')}.test${path}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${offer}${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as Answer;
    },
    close: () => miniflare.dispose(),
  };
}
