import { ledgerCustomersPutSchema, settleRequestSchema } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { invalidRequest, jsonPointer } from './invalid-request.ts';

describe('invalidRequest', () => {
  it('points at each wrong part and never repeats a value', () => {
    const body = {
      customers: [
        { id: 'a', name: 'sk-live-secret\u0000' },
        { id: 7, name: 'B', secret: 1 },
      ],
    };
    const problem = invalidRequest(ledgerCustomersPutSchema.safeParse(body).error ?? { issues: [] });
    expect(problem.errors).toEqual([
      { pointer: '/customers/0/name', detail: expect.stringContaining('Does not have the expected form') },
      { pointer: '/customers/1/id', detail: 'Expected string.' },
      { pointer: '/customers/1/secret', detail: 'Unknown key.' },
    ]);
    expect(JSON.stringify(problem.errors)).not.toContain('sk-live');
  });

  it('tells a part that breaks two rules once', () => {
    const problem = invalidRequest(settleRequestSchema.safeParse({ from: 'today' }).error ?? { issues: [] });
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/from']);
  });

  it('names the choices', () => {
    const problem = invalidRequest(settleRequestSchema.safeParse({ calls: 'some' }).error ?? { issues: [] });
    expect(problem.errors).toEqual([{ pointer: '/calls', detail: 'Expected one of: pending, all.' }]);
  });

  it('tells no more than twenty parts', () => {
    const customers = Array.from({ length: 50 }, () => ({}));
    const problem = invalidRequest(ledgerCustomersPutSchema.safeParse({ customers }).error ?? { issues: [] });
    expect(problem.errors).toHaveLength(20);
  });

  it('escapes slashes and tildes in pointers', () => {
    expect(jsonPointer(['a/b', 0, '~'])).toBe('/a~1b/0/~0');
  });
});
