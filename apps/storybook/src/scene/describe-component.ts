/** What the documentation tool knows of a component. */
interface DocumentedComponent {
  readonly __docgenInfo?: { readonly description?: string | undefined } | undefined;
}

/**
 * A component's doc comment as Markdown. Its example is JSX, which Markdown would take for HTML and swallow, so it is put
 * in a block of code.
 */
export function describeComponent(component: unknown): string {
  const documented = component as DocumentedComponent | null | undefined;
  const comment = documented?.__docgenInfo?.description ?? '';
  const [text = '', example = ''] = comment.split(/\n\s*@example\s*\n/);
  return example === '' ? text : `${text}\n\n\`\`\`tsx\n${example.trim()}\n\`\`\``;
}
