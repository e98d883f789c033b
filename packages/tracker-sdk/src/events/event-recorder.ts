import type {
  FlowRunEvent,
  GoalCompletionEvent,
  SignalEvent,
  TelemetryEvent,
  ToolCallEvent,
} from '@tallykit/protocol';
import type { Attribution } from '../context/attribution.ts';
import { pickFields } from '../context/pick-fields.ts';
import type { CallContext } from '../observe/call-recorder.ts';
import type { EventFacts, EventOptions, RecordEvent } from '../record-event.ts';
import { type ObservedWorkspace, observeWorkspace, type Workspace } from './workspace.ts';

/** What a signal may carry besides its name. */
export interface SignalOptions extends EventOptions {
  /** A whole number. Default: 1. */
  readonly quantity?: number | undefined;
  /**
   * What the signal delivered: money with a `currency`, another unit such as `minutes_saved` without. `amount` is a
   * decimal as text, so that no cent is lost to rounding.
   */
  readonly value?: SignalEvent['value'];
}

/** What a met goal may carry besides its name; `channel` and `flow` are attribution. */
export interface GoalOptions extends EventOptions {
  /** What it is worth. `amount` is a decimal as text. */
  readonly value?: GoalCompletionEvent['value'];
}

/** What an interface event may carry besides its name. */
export interface TelemetryOptions extends EventOptions {
  /** At most 16 short values. Text that people wrote does not belong here. */
  readonly properties?: TelemetryEvent['properties'];
}

/** One invocation of a tool, without its arguments or results. */
export interface ManualToolCall
  extends Attribution, Pick<ToolCallEvent, 'tool' | 'server' | 'status' | 'errorClass'> {
  /** Whole milliseconds. */
  readonly durationMs: number;
  /** When it started, as a date or Unix milliseconds. Default: `durationMs` ago. */
  readonly startedAt?: Date | number | undefined;
}

/** One conversation, without its text. */
export interface Conversation {
  /** Records that a message was written, never what it says. */
  readonly message: (role: 'user' | 'agent', options?: EventOptions) => void;
}

/** How a run of a flow came about, and under which id it is known. */
export interface FlowRunOptions extends Attribution {
  /** What started it, for example `user`, `schedule` or `webhook`. Default: `manual`. */
  readonly trigger?: string | undefined;
  /** Default: a new id. Give the run's own id to go on with it in another process. */
  readonly runId?: string | undefined;
  /** When it started, as a date or Unix milliseconds. Default: now. */
  readonly startedAt?: Date | number | undefined;
}

/** One run of a flow. */
export interface FlowRun {
  readonly runId: string;
  /** Records that the run reached a step. Their order comes from the flow registry of the server. */
  readonly step: (name: string) => void;
  /** Records how the run ended. Only the first end counts. */
  readonly end: (status?: 'completed' | 'failed' | 'aborted') => void;
}

/** Records what happens around the calls. Nothing in it throws, and none of it takes text that people wrote. */
export interface EventRecorder {
  /**
   * Records a business event worth counting or billing, linked to the calls of the same run by its trace.
   *
   * @example
   * tracker.signal('ticket_resolved', { value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } });
   */
  readonly signal: (name: string, options?: SignalOptions) => void;
  /**
   * Records that a goal was met.
   *
   * @example
   * tracker.goal('demo_booked', { channel: 'web', value: { amount: '120', currency: 'EUR' } });
   */
  readonly goal: (goal: string, options?: GoalOptions) => void;
  /**
   * Records an event of the interface.
   *
   * @example
   * tracker.telemetry('panel_opened', { properties: { seconds: 3, pinned: true } });
   */
  readonly telemetry: (name: string, options?: TelemetryOptions) => void;
  /**
   * Records an invocation of a tool by hand; `wrapMcpClient` does it for MCP clients.
   *
   * @example
   * tracker.toolCall({ tool: 'search', server: 'docs', status: 'ok', durationMs: 41 });
   */
  readonly toolCall: (call: ManualToolCall) => void;
  /**
   * Records the messages of a conversation, without their text.
   *
   * @example
   * tracker.conversation('conv_7', { channel: 'web' }).message('user');
   */
  readonly conversation: (id: string, attribution?: Attribution) => Conversation;
  /**
   * Records one run of a flow: its start now, its steps and its end as they are told.
   *
   * @example
   * const run = tracker.flowRun('onboarding', { trigger: 'user' });
   * run.step('asked');
   * run.end('completed');
   */
  readonly flowRun: (flow: string, options?: FlowRunOptions) => FlowRun;
  /**
   * Observes activity in a workspace, in seconds. One process has one observer for a workspace, so that what is
   * observed twice counts once.
   *
   * @example
   * tracker.workspace('ws_1', { customerId: 'cus_42' }).active();
   */
  readonly workspace: (id: string, attribution?: Attribution) => Workspace;
}

/** What an {@link EventRecorder} is made of. */
export interface EventParts {
  readonly now: () => number;
  readonly newId: (milliseconds: number) => string;
  readonly recordEvent: RecordEvent;
  readonly quietly: (action: () => void) => void;
  /** By id; shared by every recorder of a tracker. */
  readonly workspaces: Map<string, ObservedWorkspace>;
}

const mostWorkspaces = 10_000;

/** Makes the recorder of a tracker or of a run. `context` is asked at each event. */
export function createEventEntrance(
  { now, newId, recordEvent, quietly, workspaces }: EventParts,
  context: () => CallContext,
): EventRecorder {
  // The host may give anything, so its objects are looked into only where a failure is counted.
  const record: (...event: [EventFacts, EventOptions?, string?]) => void = (...event) =>
    recordEvent(context(), ...event);

  return {
    signal: (name, options) =>
      quietly(() => {
        const { quantity, value } = options ?? {};
        const worth = value && pickFields(value, 'type amount currency');
        record({ kind: 'signal', name, quantity, value: worth }, options, name);
      }),
    goal: (goal, options) =>
      quietly(() => {
        const { value } = options ?? {};
        const worth = value && pickFields(value, 'amount currency');
        record({ kind: 'goal_completion', goal, value: worth }, options, `goal ${goal}`);
      }),
    telemetry: (name, options) =>
      quietly(() =>
        record({ kind: 'telemetry', name, properties: options?.properties }, options, `telemetry ${name}`),
      ),
    toolCall: (call) =>
      quietly(() => {
        const durationMs = Math.round(call.durationMs);
        record(
          { kind: 'tool_call', ...pickFields(call, 'tool server status errorClass'), durationMs },
          { ...call, occurredAt: call.startedAt ?? now() - durationMs },
        );
      }),
    conversation: (conversationId, attribution) => ({
      message: (role, options) =>
        quietly(() =>
          record(
            { kind: 'conversation_message', conversationId, role },
            { ...attribution, ...options },
            `${role} ${conversationId}`,
          ),
        ),
    }),
    flowRun(flow, options) {
      const { trigger = 'manual', startedAt } = options ?? {};
      const begun = Number(startedAt ?? now());
      const runId = options?.runId ?? newId(begun);
      let ended = false;
      const state = (status: FlowRunEvent['status'], durationMs?: number): void =>
        quietly(() =>
          record(
            { kind: 'flow_run', flow, runId, status, trigger, durationMs },
            { ...options, occurredAt: begun + (durationMs ?? 0) },
          ),
        );
      state('running');
      return {
        runId,
        step: (step) => quietly(() => record({ kind: 'flow_step', flow, runId, step }, options)),
        end(status = 'completed') {
          if (ended) return;
          ended = true;
          state(status, Math.max(0, Math.round(now() - begun)));
        },
      };
    },
    workspace(workspaceId, attribution) {
      const known = workspaces.get(workspaceId);
      if (known) return known;
      const fixed = context();
      if (workspaces.size >= mostWorkspaces) {
        for (const workspace of workspaces.values()) workspace.end();
        workspaces.clear();
      }
      const observed = observeWorkspace(now, (occurredAt, seconds) =>
        quietly(() =>
          recordEvent(
            fixed,
            { kind: 'workspace_runtime', workspaceId, seconds },
            { ...attribution, occurredAt },
          ),
        ),
      );
      workspaces.set(workspaceId, observed);
      return observed;
    },
  };
}
