import { HttpResponse, type JsonBodyType } from 'msw';
import { invalidBody } from './problem-response.ts';

interface BodySchema<Body> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Body }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[];
        };
      };
}

/** Checks a body as the server does, and answers with what is made of it or with the server's refusal. */
export async function answerBody<Body>(
  request: Request,
  schema: BodySchema<Body>,
  make: (body: Body) => object,
): Promise<Response> {
  const body = schema.safeParse(await request.json());
  if (body.success) return HttpResponse.json(make(body.data) as JsonBodyType);
  return invalidBody(body.error.issues[0] ?? { message: 'Not what this route takes.', path: [] });
}
