import {
  conversationMessageEventSchema,
  flowRunEventSchema,
  flowStepEventSchema,
  goalCompletionEventSchema,
  llmCallEventSchema,
  signalEventSchema,
  telemetryEventSchema,
  toolCallEventSchema,
  workspaceRuntimeEventSchema,
  type UsageEventKind,
} from '@tallykit/protocol';

/** The schema of each kind of event, so that a fault is told of the kind that was meant. */
export const eventSchemas = {
  llm_call: llmCallEventSchema,
  signal: signalEventSchema,
  workspace_runtime: workspaceRuntimeEventSchema,
  tool_call: toolCallEventSchema,
  conversation_message: conversationMessageEventSchema,
  flow_run: flowRunEventSchema,
  flow_step: flowStepEventSchema,
  goal_completion: goalCompletionEventSchema,
  telemetry: telemetryEventSchema,
} satisfies Record<UsageEventKind, unknown>;
