import { describe, expect, test } from 'vitest';
import { callOf, chat } from './build-span.ts';
import { providerId, providerOfHost } from './provider-id.ts';

describe('providers', () => {
  test.each([
    ['openai', 'openai'],
    ['OpenAI', 'openai'],
    ['openai.chat', 'openai'],
    ['openai.responses', 'openai'],
    ['anthropic', 'anthropic'],
    ['anthropic.messages', 'anthropic'],
    ['aws.bedrock', 'aws'],
    ['amazon-bedrock', 'aws'],
    ['amazon-bedrock.chat', 'aws'],
    ['azure.ai.openai', 'azure'],
    ['az.ai.openai', 'azure'],
    ['azure.ai.inference', 'azure'],
    ['azure-openai.chat', 'azure'],
    ['azure.chat', 'azure'],
    ['gcp.gemini', 'google'],
    ['gcp.vertex_ai', 'google'],
    ['gcp.gen_ai', 'google'],
    ['google.generative-ai', 'google'],
    ['google.vertex.chat', 'google'],
    ['vertex_ai', 'google'],
    ['gemini', 'google'],
    ['mistral_ai', 'mistral'],
    ['mistral.chat', 'mistral'],
    ['mistralai', 'mistral'],
    ['x_ai', 'x-ai'],
    ['xai', 'x-ai'],
    ['xai.chat', 'x-ai'],
    ['moonshot_ai', 'moonshotai'],
    ['groq', 'groq'],
    ['deepseek', 'deepseek'],
    ['perplexity', 'perplexity'],
    ['cohere', 'cohere'],
    ['openrouter', 'openrouter'],
    ['ibm.watsonx.ai', 'ibm.watsonx.ai'],
    ['models.example.com', 'models.example.com'],
    ['constructor', 'constructor'],
  ])('%s is %s', (name, id) => {
    expect(providerId(name)).toBe(id);
  });

  test.each([
    ['gen_ai.provider.name', 'azure.ai.openai', 'azure'],
    ['gen_ai.system', 'OpenAI', 'openai'],
    ['llm.provider', 'mistralai', 'mistral'],
    ['llm.system', 'vertexai', 'google'],
    ['ai.model.provider', 'amazon-bedrock', 'aws'],
  ])('%s tells the provider', (name, value, id) => {
    expect(callOf({ 'openinference.span.kind': 'LLM', [name]: value }).provider).toBe(id);
  });

  test('what calls itself openai at another host is the provider of that host', () => {
    expect(callOf({ ...chat, 'server.address': 'api.groq.com' }).provider).toBe('groq');
    expect(callOf({ ...chat, 'server.address': 'acme.openai.azure.com' }).provider).toBe('azure');
    expect(callOf({ ...chat, 'server.address': 'gateway.example.com' }).provider).toBe('openai');
    expect(providerOfHost('notapi.openai.com.evil.test')).toBeUndefined();
  });
});
