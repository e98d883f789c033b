/** Lines after which a file has to be cut, unless it is data or a list of declarations. */
export const longestFile = 400;

// Reviewed one by one: each is a plain list, and cutting it would only scatter it.
const lists: readonly string[] = ['packages/client/src/answers/answer-shapes.ts'];

/** Files over the limit, each as a sentence. */
export function lengthViolations(
  files: readonly { readonly path: string; readonly text: string }[],
): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > longestFile && !lists.includes(path)
      ? [`${path}: ${lines} lines, at most ${longestFile}`]
      : [];
  });
}
