import type { CallRecorder, EndTool } from '../../observe/call-recorder.ts';
import { safely } from '../../observe/observe-promise.ts';
import { endOfRunError } from './read-run.ts';
import { fieldsOf, textOf } from '../../observe/read-value.ts';
import { attributionOf } from './run-attribution.ts';

/** A method of a handler, called by LangChain with what it gives to all handlers. */
export type Handle<Result = void> = (...given: readonly unknown[]) => Result;

/** The part of a handler that sees tools. */
export interface ToolHandles {
  readonly handleToolStart: Handle;
  readonly handleToolEnd: Handle;
  readonly handleToolError: Handle;
}

/** Tools that are remembered at once; one that LangChain never ends must not stay for ever. */
const mostTools = 10_000;

/** Makes that part; it does nothing unless `tools`. `taken` holds the runs that some handler of the recorder has taken on. */
export function toolHandles(recorder: CallRecorder, taken: Set<unknown>, tools: boolean): ToolHandles {
  const running = new Map<unknown, EndTool>();

  const ended = (runId: unknown, status: 'ok' | 'error' | 'aborted', errorClass?: string): void =>
    safely(recorder, () => {
      const end = running.get(runId);
      if (!end) return;
      running.delete(runId);
      taken.delete(runId);
      end({ status, errorClass });
    });

  return {
    handleToolStart(...given) {
      const [tool, , runId, , , metadata, runName] = given;
      safely(recorder, () => {
        if (!tools || taken.has(runId)) return;
        if (running.size >= mostTools) {
          for (const left of running.keys()) taken.delete(left);
          running.clear();
        }
        const { name, id } = fieldsOf(tool);
        const told = textOf(runName) ?? textOf(name) ?? textOf(Array.isArray(id) ? id.at(-1) : undefined);
        running.set(
          runId,
          recorder.startTool({ tool: told ?? 'unknown' }, attributionOf(fieldsOf(metadata))),
        );
        taken.add(runId);
      });
    },
    handleToolEnd: (...given) => ended(given[1], 'ok'),
    handleToolError(...given) {
      const [error, runId] = given;
      const { status } = endOfRunError(error);
      ended(runId, status, status === 'aborted' ? 'aborted' : 'tool_failed');
    },
  };
}
