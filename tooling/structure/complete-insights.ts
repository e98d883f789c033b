/** A source file, relative to the workspace. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/**
 * What an insight still lacks: the file that answers it, a typed fixture, a widget that asks for it, a story of that
 * widget. Each gap is a sentence.
 */
export function missingParts(id: string, files: readonly RepositoryFile[]): readonly string[] {
  const has = (path: string): boolean => files.some((file) => file.path === path);
  const asks = new RegExp(`useInsight\\(\\s*'${id}'`);
  const widget = files.find(
    (file) => /^packages\/widgets\/src\/widgets\//.test(file.path) && asks.test(file.text),
  );
  const component = widget?.path.replace(/^.*\/|\.tsx$/g, '') ?? '';
  const story = files.some(
    (file) => /\.stories\.tsx$/.test(file.path) && new RegExp(`\\b${component}(View)?\\b`).test(file.text),
  );
  return [
    has(`packages/server-adapter/src/insights/${id}.ts`)
      ? ''
      : `${id}: nothing in server-adapter/src/insights answers it`,
    has(`packages/client/src/testing/fixtures/${id}.ts`)
      ? ''
      : `${id}: no fixture in client/src/testing/fixtures`,
    widget ? '' : `${id}: no widget asks for it`,
    widget && story ? '' : `${id}: no story shows its widget`,
  ].filter((gap) => gap !== '');
}
