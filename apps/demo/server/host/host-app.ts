import { serveStatic } from '@hono/node-server/serve-static';
import type { Tallykit } from '@tallykit/server-adapter';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { RecentCall } from '../assistant/live-traffic.ts';
import { customers } from '../helpdesk/customers.ts';
import { periodsUntil } from './periods.ts';
import { parsePersona, personaText, sessionCookie } from './personas.ts';

/** Where Tallykit is mounted in the helpdesk. */
export const tallykitPath = '/api/tallykit';

/**
 * The helpdesk's own backend: its pages, its sign-in (one click here, so that all three people can be tried), and Tallykit.
 */
export function createHostApp(options: {
  readonly tallykit: Tallykit;
  readonly pages: string;
  readonly recentCalls: () => readonly RecentCall[];
  readonly timeZone: string;
  readonly now: () => number;
}): Hono {
  const app = new Hono();
  app.all(`${tallykitPath}/*`, (context) => options.tallykit.handler(context.req.raw));

  app.get('/api/host/me', (context) => {
    const persona = parsePersona(getCookie(context, sessionCookie)) ?? { role: 'operator', customerId: null };
    context.header('cache-control', 'no-store');
    return context.json({
      persona: personaText(persona),
      customers: customers.map(({ id, name }) => ({ id, name })),
      vendor: 'Acme Desk',
      periods: periodsUntil(options.now(), options.timeZone),
    });
  });

  app.post('/api/host/session', async (context) => {
    const body: unknown = await context.req.json().catch(() => null);
    const wanted =
      typeof body === 'object' && body !== null && 'persona' in body ? String(body.persona) : undefined;
    const persona = parsePersona(wanted);
    if (!persona) return context.json({ error: 'Unknown persona.' }, 400);
    setCookie(context, sessionCookie, personaText(persona), {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
    });
    return context.json({ persona: personaText(persona) });
  });

  app.get('/api/host/recent-calls', (context) => {
    const persona = parsePersona(getCookie(context, sessionCookie)) ?? { role: 'operator', customerId: null };
    context.header('cache-control', 'no-store');
    if (persona.role === 'customer_member') return context.json({ calls: [] });
    const own = options
      .recentCalls()
      .filter((call) => persona.role === 'operator' || call.customerId === persona.customerId);
    return context.json({ calls: own });
  });

  app.use('/*', serveStatic({ root: options.pages }));
  app.get('/*', serveStatic({ root: options.pages, path: 'index.html' }));
  return app;
}
