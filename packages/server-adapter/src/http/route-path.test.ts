import { describe, expect, it } from 'vitest';
import { normalBasePath, routePathOf } from './route-path.ts';

const isRoute = (path: string) => /^\/(healthz|v1\/events|v1\/customers\/[^/]+\/erase)$/.test(path);

describe('routePathOf', () => {
  it.each([
    ['/v1/events', '/v1/events'],
    ['/api/tallykit/v1/events', '/v1/events'],
    ['/api/v1/tallykit/v1/events', '/v1/events'],
    ['/tally/healthz', '/healthz'],
    ['/v1/customers/v1/erase', '/v1/customers/v1/erase'],
    ['/x/v1/unknown', '/x/v1/unknown'],
  ])('finds the route in %s', (pathname, route) => {
    expect(routePathOf(pathname, null, isRoute)).toBe(route);
  });

  it('cuts off exactly the base path that was named', () => {
    expect(routePathOf('/api/tallykit/v1/events', '/api/tallykit', isRoute)).toBe('/v1/events');
    expect(isRoute(routePathOf('/elsewhere/v1/events', '/api/tallykit', isRoute))).toBe(false);
    expect(isRoute(routePathOf('/api/tallykitchen/v1/events', '/api/tallykit', isRoute))).toBe(false);
    expect(routePathOf('/v1/events', '', isRoute)).toBe('/v1/events');
  });

  it('brings base paths into one form', () => {
    expect(['api/tallykit/', '/api/tallykit', '/', ''].map(normalBasePath)).toEqual([
      '/api/tallykit',
      '/api/tallykit',
      '',
      '',
    ]);
  });
});
