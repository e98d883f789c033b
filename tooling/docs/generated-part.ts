/** Puts new text between the marks of a generated part of a page. */
export function replacePart(page: string, source: string, text: string): string {
  const [first, last] = [
    `<!-- generated from ${source}: start -->`,
    `<!-- generated from ${source}: end -->`,
  ];
  const start = page.indexOf(first);
  const end = page.indexOf(last);
  if (start < 0 || end < start) throw new Error(`The page has no "${first}" and "${last}" to write between.`);
  return `${page.slice(0, start + first.length)}\n\n${text}\n\n${page.slice(end)}`;
}
