import type { AnswerHead } from './chat-wire.ts';
import { piecesOf, textOf, type FakeReply } from './fake-reply.ts';

// Shapes as in OpenAI's API reference: images/generate, images-streaming, audio/createTranscription, transcript events.

const picture = 'iVBORw0KGgo=';

const reported = (reply: FakeReply): Record<string, unknown> =>
  reply.wireUsage ? { usage: reply.wireUsage } : {};

/** Body of an answer of the Images API: as many pictures as the reply says. */
export function imagesBody(head: AnswerHead, reply: FakeReply): Record<string, unknown> {
  return {
    created: head.created,
    data: Array.from({ length: reply.images ?? 1 }, () => ({ b64_json: picture })),
    size: '1024x1024',
    ...reported(reply),
  };
}

/** Events of one picture being drawn, `kind` being `image_generation` or `image_edit`: two partial ones, then the whole. */
export function imageEvents(head: AnswerHead, reply: FakeReply, kind: string): object[] {
  const part = { b64_json: picture, created_at: head.created, size: '1024x1024' };
  return [
    { type: `${kind}.partial_image`, ...part, partial_image_index: 0 },
    { type: `${kind}.partial_image`, ...part, partial_image_index: 1 },
    { type: `${kind}.completed`, ...part, ...reported(reply) },
  ];
}

/** Body of a transcription as `json`, or as `verbose_json` with the duration of the sound. */
export function transcriptBody(reply: FakeReply, format: unknown): Record<string, unknown> {
  const verbose = {
    task: 'transcribe',
    language: 'english',
    duration: reply.soundSeconds ?? 1,
    segments: [],
  };
  return { ...(format === 'verbose_json' ? verbose : {}), text: textOf(reply), ...reported(reply) };
}

/** Events of a streamed transcription. */
export function transcriptEvents(reply: FakeReply): object[] {
  return [
    ...piecesOf(reply).map((delta) => ({ type: 'transcript.text.delta', delta })),
    { type: 'transcript.text.done', text: textOf(reply), ...reported(reply) },
  ];
}
