import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import type { FakeAnthropicReply } from '../../../testing/fake-anthropic/fake-anthropic-reply.ts';
import { messageBody, messageEvents } from '../../../testing/fake-anthropic/messages-wire.ts';

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([7]),
    length,
    Buffer.from(value),
  ]);
}

/** One message of an AWS event stream, as https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html says. */
function encodeEvent(event: object): Buffer {
  const headers = Buffer.concat([
    header(':event-type', 'chunk'),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ]);
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
  const payload = Buffer.from(JSON.stringify({ bytes }));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + payload.length);
  prelude.writeUInt32BE(headers.length, 4);
  const sum = (part: Buffer): Buffer => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(part));
    return checksum;
  };
  const signed = Buffer.concat([prelude, sum(prelude), headers, payload]);
  return Buffer.concat([signed, sum(signed)]);
}

/**
 * A local Bedrock that answers `InvokeModel` and `InvokeModelWithResponseStream` for Claude, as
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html describes.
 * Anything else is 404.
 */
export async function startFakeBedrock(reply: FakeAnthropicReply) {
  const server = createServer((incoming, response) => {
    const [, model, action] =
      /^\/model\/([^/]+)\/(invoke|invoke-with-response-stream)$/.exec(incoming.url ?? '') ?? [];
    incoming.resume();
    if (!model || incoming.method !== 'POST') return response.writeHead(404).end('{}');
    // Bedrock names the model without its prefixes.
    const head = { id: 'msg_bdrk_1', model: 'claude-sonnet-4-5-20250929' };
    response.setHeader('x-amzn-requestid', 'amzn-1');
    if (action === 'invoke') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(messageBody(head, reply)));
    }
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    const events = messageEvents(head, reply).filter((event) => (event as { type: string }).type !== 'ping');
    return response.end(Buffer.concat(events.map(encodeEvent)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
