/** A JSON answer of 200, unless told otherwise. */
export function jsonAnswer(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

/** Adds what every answer carries: nobody may keep it, and browsers must not guess its type. */
export function finishAnswer(answer: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  answer.headers.set('cache-control', 'private, no-store');
  answer.headers.set('x-content-type-options', 'nosniff');
  return answer;
}
