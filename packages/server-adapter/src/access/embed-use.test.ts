import { describe, expect, it } from 'vitest';
import { ProblemError } from '../http/problem-error.ts';
import type { Caller, Credential } from './caller.ts';
import { guardCookieWrite } from './cookie-guard.ts';
import { checkEmbedOrigin, checkEmbedWidget } from './embed-use.ts';

function codeOf(act: () => void): string {
  try {
    act();
    return 'allowed';
  } catch (error) {
    return ProblemError.is(error) ? error.code : String(error);
  }
}

function ask(headers: Record<string, string>, init: RequestInit = {}): Request {
  return new Request('http://api.example.com/v1/x', {
    headers: { host: 'api.example.com', ...headers },
    ...init,
  });
}

function caller(credential: Credential, widgets: readonly string[] | null = null): Caller {
  const principal = {
    organizationId: 'o',
    subject: 's',
    role: 'operator',
    permissions: [],
    expiresAt: null,
  } as const;
  return { principal, credential, keyId: null, widgets, origins: null };
}

describe('checkEmbedOrigin', () => {
  const named = ['https://app.example.com'];
  const use = (headers: Record<string, string>, token: string[] | null, server: string[] = []) =>
    codeOf(() => checkEmbedOrigin(ask(headers), { ...caller('embed_token'), origins: token }, server));

  it('compares the whole origin', () => {
    expect(use({ origin: 'https://app.example.com' }, named)).toBe('allowed');
    for (const origin of [
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.example',
      'https://evil.example',
      'null',
    ]) {
      expect(use({ origin }, named)).toBe('origin_not_allowed');
    }
  });

  it('takes a read of the page’s own site, for which browsers send no origin, by its host', () => {
    const own = { 'sec-fetch-site': 'same-origin' };
    expect(use(own, ['https://api.example.com'])).toBe('allowed');
    expect(use(own, named)).toBe('origin_not_allowed');
    expect(use({}, named)).toBe('origin_not_allowed');
  });

  it('without origins of its own allows what the server lists, its own site and programs', () => {
    expect(use({ origin: 'https://app.example.com' }, null, named)).toBe('allowed');
    expect(use({ origin: 'https://evil.example' }, null, named)).toBe('origin_not_allowed');
    expect(use({ origin: 'https://api.example.com', 'sec-fetch-site': 'same-origin' }, null)).toBe('allowed');
    expect(use({}, null)).toBe('allowed');
  });
});

describe('checkEmbedWidget', () => {
  it('serves the insights that the token names, and no other route', () => {
    const limited = caller('embed_token', ['token-spend']);
    expect(codeOf(() => checkEmbedWidget(limited, 'token-spend'))).toBe('allowed');
    expect(codeOf(() => checkEmbedWidget(limited, 'revenue-hero'))).toBe('widget_not_allowed');
    expect(codeOf(() => checkEmbedWidget(limited, null))).toBe('widget_not_allowed');
    expect(codeOf(() => checkEmbedWidget(caller('embed_token'), null))).toBe('allowed');
  });
});

describe('guardCookieWrite', () => {
  const json = { 'content-type': 'application/json' };
  const client = { 'x-tallykit-client': 'web' };
  const write = (headers: Record<string, string>, credential: Credential = 'host') =>
    codeOf(() => guardCookieWrite(ask(headers, { method: 'PUT', body: '{}' }), caller(credential)));

  it('lets a write of the own page through', () => {
    const origin = { origin: 'https://api.example.com' };
    expect(write({ cookie: 'session=1', ...json, ...client, ...origin })).toBe('allowed');
    expect(write({ cookie: 'session=1', ...json, ...client, 'sec-fetch-site': 'same-origin' })).toBe(
      'allowed',
    );
  });

  it.each([
    ['a form', { cookie: 's=1', 'content-type': 'application/x-www-form-urlencoded', ...client }],
    ['plain text', { cookie: 's=1', 'content-type': 'text/plain', ...client }],
    ['no client header', { cookie: 's=1', ...json }],
    ['another site by fetch metadata', { cookie: 's=1', ...json, ...client, 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { cookie: 's=1', ...json, ...client, 'sec-fetch-site': 'same-site' }],
    ['another origin', { cookie: 's=1', ...json, ...client, origin: 'https://evil.example' }],
    ['a sandboxed frame', { cookie: 's=1', ...json, ...client, origin: 'null' }],
    ['basic authentication', { authorization: 'Basic eDp5', ...json }],
    ['a browser without cookies', { origin: 'https://evil.example', ...json, ...client }],
  ])('refuses %s', (_, headers) => {
    expect(write(headers as unknown as Record<string, string>)).toBe('cross_site_write');
  });

  it('leaves programs, keys and tokens alone', () => {
    expect(write({ 'x-own-session': 'operator', ...json })).toBe('allowed');
    expect(write({ authorization: 'Bearer host-token', ...json })).toBe('allowed');
    expect(write({ cookie: 's=1', authorization: 'Bearer tk_server_x', ...json }, 'server_key')).toBe(
      'allowed',
    );
  });

  it('leaves reads alone', () => {
    const request = ask({ cookie: 's=1', origin: 'https://evil.example' });
    expect(codeOf(() => guardCookieWrite(request, caller('host')))).toBe('allowed');
  });
});
