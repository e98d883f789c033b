import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One question as the server got it. */
export interface BudgetQuestion {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Status and body of an answer; without a body the connection is cut. */
export interface BudgetReply {
  readonly status?: number;
  readonly body?: object;
  readonly delayMs?: number;
}

/** A server's budget endpoints over real HTTP, which answer as they are told. */
export async function startBudgetServer(reply: (question: BudgetQuestion) => BudgetReply) {
  const questions: BudgetQuestion[] = [];
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (part: Buffer) => (text += part.toString()));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const body = (text === '' ? {} : JSON.parse(text)) as BudgetQuestion['body'];
      const question = { method, path: url, authorization: headers.authorization, body };
      questions.push(question);
      const { status = 200, body: answer, delayMs = 0 } = reply(question);
      setTimeout(() => {
        if (!answer) return void response.destroy();
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer of the server as it stands in the protocol. */
export function answerOf(decision: 'allow' | 'throttle' | 'block', more: object = {}): BudgetReply {
  const verdict = {
    id: 'monthly',
    name: 'Monthly',
    action: 'block',
    decision,
    state: decision === 'allow' ? 'inside' : 'over',
    window: 'month',
    resetsAt: '2027-01-01T00:00:00.000Z',
    callsPerMinute: null,
    status: null,
  };
  return { body: { decision, budgets: [verdict], ttlSeconds: 10, asOf: '2026-12-01T00:00:00.000Z', ...more } };
}
