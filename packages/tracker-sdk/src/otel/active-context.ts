/** OpenTelemetry's context of this moment, found through its registered global, so that nothing is imported. */
export function activeContext(): unknown {
  try {
    const api = (globalThis as Record<symbol, unknown>)[Symbol.for('opentelemetry.js.api.1')];
    return (api as { context?: { active(): unknown } } | undefined)?.context?.active();
  } catch {
    // A foreign context manager that fails must not cost the host its call.
    return undefined;
  }
}
