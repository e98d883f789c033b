import type { Peer } from './peer.ts';
import { braintrust } from './wrappers/braintrust.ts';
import { langSmith } from './wrappers/langsmith.ts';
import { langfuse } from './wrappers/langfuse.ts';
import { openInference } from './wrappers/openinference.ts';
import { openLit } from './wrappers/openlit.ts';
import { openLlmetry } from './wrappers/openllmetry.ts';
import { openTelemetry } from './wrappers/opentelemetry.ts';
import { opik } from './wrappers/opik.ts';
import { paid } from './wrappers/paid.ts';
import { postHog } from './wrappers/posthog.ts';
import { sentry } from './wrappers/sentry.ts';
import { tallykit } from './wrappers/tallykit.ts';
import { weave } from './wrappers/weave.ts';

/** Every wrapper that is measured, ours first. */
export const peers: readonly Peer[] = [
  tallykit,
  langfuse,
  postHog,
  openLlmetry,
  openInference,
  openTelemetry,
  openLit,
  langSmith,
  braintrust,
  sentry,
  opik,
  weave,
  paid,
];

/** Those that were looked at and are not measured, and why. */
export const notMeasured: readonly { readonly name: string; readonly reason: string }[] = [
  {
    name: 'LangWatch (langwatch)',
    reason:
      'brings no wrapper for the openai client: it sets up OpenTelemetry with an exporter of its own, and the instrumentation is one of those above',
  },
  {
    name: 'Helicone (@helicone/async)',
    reason:
      'is not on the registry; @helicone/helpers is, but its logger is called by hand with each request and answer, and wraps no client',
  },
  {
    name: 'Stripe (@stripe/token-meter, @stripe/ai-sdk)',
    reason: 'neither is on the registry',
  },
];
