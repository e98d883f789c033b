/** Fields of an event that plans name, each with its place in the event. */
export const eventFieldPaths = {
  id: ['id'],
  trace: ['traceId'],
  customer: ['customerId'],
  user: ['userId'],
  product: ['productId'],
  flow: ['flow'],
  configuration: ['configuration'],
  conversation: ['conversationId'],
  message: ['messageId'],
  channel: ['channel'],
  environment: ['environment'],
  provider: ['provider'],
  model: ['requestModel'],
  status: ['status'],
  final: ['final'],
  call: ['callId'],
  attempt: ['attempt'],
  response_model: ['responseModel'],
  operation: ['operation'],
  complete: ['complete'],
  error_class: ['errorClass'],
  http_status: ['httpStatus'],
  service_tier: ['serviceTier'],
  batch: ['batch'],
  region: ['region'],
  estimate_method: ['estimate', 'method'],
  response: ['responseId'],
  provider_project: ['providerIds', 'projectId'],
  provider_key: ['providerIds', 'keyId'],
  provider_request: ['providerIds', 'requestId'],
  tool: ['tool'],
  server: ['server'],
  role: ['role'],
  run: ['runId'],
  trigger: ['trigger'],
  step: ['step'],
  goal: ['goal'],
  name: ['name'],
  currency: ['value', 'currency'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** One of {@link eventFieldPaths}. Its value is text in every plan; numbers and flags as they are written. */
export type EventField = keyof typeof eventFieldPaths;

/** Numbers of an event that plans add up, each with its place in the event. */
export const eventNumberPaths = {
  duration: ['durationMs'],
  amount: ['value', 'amount'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** One of {@link eventNumberPaths}. */
export type EventNumber = keyof typeof eventNumberPaths;
