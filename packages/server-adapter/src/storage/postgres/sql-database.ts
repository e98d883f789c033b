/** One row as a driver gives it. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** Runs statements one after the other on one connection. */
export interface SqlSession {
  /** One statement with `$1` parameters. Lists travel as array literals, so no driver has to know them. */
  query<Row = SqlRow>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
}

/** A database as both engines reach it. Statements on it run on any connection. */
export interface SqlDatabase extends SqlSession {
  /** Runs `work` in one transaction on one connection; `begin` opens it and may set it up. Rolls back when it rejects. */
  transaction<Result>(
    work: (session: SqlSession) => Promise<Result>,
    options?: { readonly begin?: string },
  ): Promise<Result>;
  close(): Promise<void>;
}
