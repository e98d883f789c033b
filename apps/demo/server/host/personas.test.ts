import { expect, test } from 'vitest';
import { authenticate } from './authenticate.ts';
import { parsePersona } from './personas.ts';

test.each([
  'customer_admin',
  'customer_admin:',
  'customer_admin:cus_nobody',
  'operator:cus_halden',
  'root',
  '',
])('a session that says "%s" is nobody in particular', (text) => expect(parsePersona(text)).toBeNull());

test('the session cookie alone says who is asking', async () => {
  const request = new Request('http://127.0.0.1/?as=operator', {
    headers: { cookie: 'other=1; helpdesk_session=customer_member%3Acus_tern' },
  });
  expect(await authenticate(request)).toEqual({
    subject: 'customer_member@cus_tern',
    role: 'customer_member',
    customerId: 'cus_tern',
  });
});
