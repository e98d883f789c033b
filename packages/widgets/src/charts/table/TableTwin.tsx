/** A table that says what a picture shows, value by value. */
export interface TwinTable {
  readonly caption: string;
  /** The first names the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly TwinRow[];
}

/** One row: its name, one cell for each further column, and whether its bucket is still open. */
export interface TwinRow {
  readonly name: string;
  readonly cells: readonly string[];
  /** A word beside the name, such as "still open". */
  readonly note?: string | undefined;
}

/** Shows the table in the place of the picture. It scrolls in itself, so that the card keeps its size. */
export function TableTwin({ caption, columns, rows }: TwinTable) {
  const [first, ...others] = columns;
  return (
    <div className="tk-table-scroll" role="group" aria-label={caption} tabIndex={0}>
      <table className="tk-table">
        <caption className="tk-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {others.map((column, index) => (
              <th key={index} scope="col" className="tk-number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <th scope="row">
                {row.name} {row.note !== undefined && <span className="tk-table-note">{row.note}</span>}
              </th>
              {row.cells.map((cell, column) => (
                <td key={column} className="tk-number">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
