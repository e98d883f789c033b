import { describe, expect, test } from 'vitest';
import { chat, factsOf } from './build-span.ts';
import type { SpanAttributes } from './gen-ai-span.ts';

describe('which spans are calls', () => {
  test.each<[string, SpanAttributes, string | null]>([
    ['chat', chat, 'chat'],
    ['generate_content', { ...chat, 'gen_ai.operation.name': 'generate_content' }, 'generate_content'],
    ['text_completion', { ...chat, 'gen_ai.operation.name': 'text_completion' }, 'text_completion'],
    [
      'embeddings',
      { ...chat, 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 3 },
      'embeddings',
    ],
    ['embeddings over embeddings', { ...chat, 'gen_ai.operation.name': 'embeddings' }, null],
    [
      'invoke_agent',
      { ...chat, 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': 3 },
      null,
    ],
    ['create_agent', { ...chat, 'gen_ai.operation.name': 'create_agent' }, null],
    [
      'invoke_workflow',
      { ...chat, 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.usage.input_tokens': 3 },
      null,
    ],
    ['plan', { ...chat, 'gen_ai.operation.name': 'plan', 'gen_ai.usage.input_tokens': 3 }, null],
    ['retrieval', { ...chat, 'gen_ai.operation.name': 'retrieval' }, null],
    ['a step of the AI SDK', { 'gen_ai.operation.name': 'agent_step' }, null],
    [
      'an operation nobody knows',
      { ...chat, 'gen_ai.operation.name': 'dream', 'gen_ai.usage.input_tokens': 3 },
      null,
    ],
    ['ai.generateText', { 'ai.operationId': 'ai.generateText', 'ai.usage.inputTokens': 3 }, null],
    ['ai.streamText', { 'ai.operationId': 'ai.streamText', 'ai.usage.inputTokens': 3 }, null],
    ['ai.embedMany', { 'ai.operationId': 'ai.embedMany', 'ai.usage.tokens': 3 }, null],
    ['ai.generateText.doGenerate', { 'ai.operationId': 'ai.generateText.doGenerate' }, 'chat'],
    ['ai.streamText.doStream', { 'ai.operationId': 'ai.streamText.doStream' }, 'chat'],
    ['ai.generateObject.doGenerate', { 'ai.operationId': 'ai.generateObject.doGenerate' }, 'chat'],
    ['ai.streamObject.doStream', { 'ai.operationId': 'ai.streamObject.doStream' }, 'chat'],
    ['ai.embed.doEmbed', { 'ai.operationId': 'ai.embed.doEmbed' }, 'embeddings'],
    ['ai.embedMany.doEmbed', { 'ai.operationId': 'ai.embedMany.doEmbed' }, 'embeddings'],
    [
      'an outer AI SDK span that a processor marked LLM',
      { 'ai.operationId': 'ai.generateText', 'openinference.span.kind': 'LLM' },
      null,
    ],
    ['OpenInference LLM', { 'openinference.span.kind': 'LLM' }, 'chat'],
    ['OpenInference EMBEDDING', { 'openinference.span.kind': 'EMBEDDING' }, 'embeddings'],
    ['OpenInference AGENT', { 'openinference.span.kind': 'AGENT', 'llm.token_count.prompt': 3 }, null],
    ['OpenInference CHAIN', { 'openinference.span.kind': 'CHAIN', 'llm.token_count.prompt': 3 }, null],
    ['OpenInference RETRIEVER', { 'openinference.span.kind': 'RETRIEVER' }, null],
    ['OpenLLMetry, older', { 'llm.request.type': 'chat', 'gen_ai.system': 'OpenAI' }, 'chat'],
    ['OpenLLMetry workflow', { 'traceloop.span.kind': 'workflow', 'gen_ai.system': 'openai' }, null],
    [
      'the oldest',
      { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'm', 'gen_ai.usage.prompt_tokens': 3 },
      'chat',
    ],
    ['the oldest without tokens', { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'm' }, null],
    ['an agent with tokens and no provider', { model_name: 'm', 'gen_ai.usage.input_tokens': 3 }, null],
    ['an HTTP request', { 'http.request.method': 'POST', 'url.full': 'https://api.openai.com/v1' }, null],
    ['a call that was counted already', { ...chat, 'tallykit.recorded': true }, null],
    ['nothing', {}, null],
  ])('%s', (_, attributes, operation) => {
    const facts = factsOf(attributes);
    expect(facts?.kind === 'llm_call' ? facts.operation : null).toBe(operation);
  });

  test.each<[string, SpanAttributes]>([
    ['gen_ai', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }],
    ['AI SDK', { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'search' }],
    ['OpenInference', { 'openinference.span.kind': 'TOOL', 'tool.name': 'search' }],
    ['OpenLLMetry', { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'search' }],
  ])('tools are tool calls without arguments: %s', (_, attributes) => {
    const facts = factsOf({
      ...attributes,
      'gen_ai.tool.call.arguments': 'canary',
      'tool.parameters': 'canary',
      'ai.toolCall.args': 'canary',
    });
    expect(facts).toMatchObject({ kind: 'tool_call', tool: 'search', status: 'ok', durationMs: 500 });
    expect(JSON.stringify(facts)).not.toContain('canary');
  });
});
