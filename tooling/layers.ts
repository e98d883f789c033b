/**
 * The one table of import directions. The graph test, and the table in docs/architecture.md, are made from it.
 *
 * A file belongs to the group with the longest matching path. It may import from its own group and from the groups
 * named under `mayImport`, types included; everything else fails the graph test. Tests are free inside their package.
 */
export interface LayerGroup {
  /** Folders (ending in `/`) or files below the package's `src/`. `*` stands for one folder name: each is apart. */
  readonly paths: readonly string[];
  readonly holds: string;
  /** Names of groups, `'*'` for all. */
  readonly mayImport: readonly string[] | '*';
}

/** One package's groups, from the top down, by name. */
export type PackageLayers = Readonly<Record<string, LayerGroup>>;

/**
 * What a package may import of another one: everything, or `types`, which vanish when it is compiled. `inlined` names the
 * sub-paths whose values are copied into the build besides, and the folder that may import each.
 */
export type Direction = 'all' | 'types' | { readonly inlined: Readonly<Record<string, string>> };

/** Which workspace packages a published package may import. */
export const packageDirections: Readonly<Record<string, Readonly<Record<string, Direction>>>> = {
  protocol: {},
  // How spans are read has one home, which server and tracker share; the tracker brings a copy and depends on nothing.
  'tracker-sdk': { protocol: { inlined: { '@tallykit/protocol/gen-ai-span': 'otel/' } } },
  'server-adapter': { protocol: 'all' },
  client: { protocol: 'all' },
  widgets: { client: 'all', protocol: 'all' },
};

const belowRow = (row: number): string[] =>
  Array.from({ length: row }, (_, index) => `row ${row - 1 - index}`).flatMap((name) =>
    name === 'row 2' ? [name, 'row 2, http'] : [name],
  );

/** The rows of the server adapter: a file imports only from rows below it, or from its own folder. */
const serverAdapter: PackageLayers = {
  'row 11': {
    paths: ['frameworks/', 'index.ts'],
    holds: 'mounts over one `(Request) => Response`, and the list of public names',
    mayImport: belowRow(11),
  },
  'row 11, the command': {
    paths: ['cli/'],
    holds: 'the `tallykit` command; it may name engines, since somebody has to choose one',
    mayImport: ['row 11', ...belowRow(11), 'side, engines', 'side, sql'],
  },
  'row 10': {
    paths: ['create-tallykit.ts', 'options.ts'],
    holds: 'the only place that joins the parts',
    mayImport: belowRow(10),
  },
  'row 9': {
    paths: ['endpoints/'],
    holds: '`routes.ts` shows the whole surface; request in, response out, no business rules',
    mayImport: belowRow(9),
  },
  'row 8': {
    paths: ['billing-state/', 'dashboards/'],
    holds: 'gates; pinned cards and layout',
    mayImport: belowRow(8),
  },
  'row 7': {
    paths: [
      ...['reports/', 'exports/', 'alerts/', 'anomalies/', 'customer-health/'],
      ...['reconciliation/', 'budgets/'],
    ],
    holds: 'siblings that never import each other',
    mayImport: belowRow(7),
  },
  'row 6': {
    paths: ['insights/', 'star-schema/'],
    holds: 'one file a question, one file a view',
    mayImport: belowRow(6),
  },
  'row 5': {
    paths: ['ingestion/', 'ledger/', 'datasets/'],
    holds: 'write side and read side never import each other; `datasets/run-query.ts` is the one door',
    mayImport: belowRow(5),
  },
  'row 4': {
    paths: ['pricing/'],
    holds: 'price book, resolution, cost of a call, pending, re-pricing',
    mayImport: belowRow(4),
  },
  'row 3': {
    paths: ['log/', 'rollups/'],
    holds: 'cursors and consumers; the lattice, choice, self-check, rebuild',
    mayImport: belowRow(3),
  },
  'row 2': {
    paths: ['access/', 'jobs/', 'cache/'],
    holds: 'mechanisms that know no domain',
    mayImport: ['row 2, http', ...belowRow(2)],
  },
  'row 2, http': {
    paths: ['http/'],
    holds: 'problems, bodies and limits; below the rest of its row, since a denial is a problem too',
    mayImport: belowRow(2),
  },
  'row 1': {
    paths: ['storage/contract/'],
    holds: 'what a store must do, said as types; query plans as frozen data; capabilities; errors',
    mayImport: belowRow(1),
  },
  'row 0': {
    paths: ['primitives/'],
    holds: 'money, token usage, time bucket, UUIDv7, clock; then `protocol`',
    mayImport: [],
  },
  'side, engines': {
    paths: ['storage/engines/*/'],
    holds: 'one folder an engine, reached by sub-path, never from rows 2 to 10',
    mayImport: ['side, sql', 'row 1', 'row 0'],
  },
  'side, sql': {
    paths: ['storage/postgres/', 'storage/clickhouse/'],
    holds: 'dialect, migrations and statements that engines share',
    mayImport: ['row 1', 'row 0'],
  },
  'side, testing': {
    paths: ['testing/'],
    holds: 'reference store, storage contract suite, test server, builders; imported by tests only',
    mayImport: '*',
  },
};

const trackerSdk: PackageLayers = {
  entry: {
    paths: ['index.ts'],
    holds: 'the list of public names',
    mayImport: [
      'tracker',
      'surface',
      'record',
      'events',
      'observe',
      'delivery',
      'context',
      'identity',
      'errors',
    ],
  },
  tracker: {
    paths: ['create-tracker.ts'],
    holds: 'joins the parts into one object',
    mayImport: ['surface', 'record', 'events', 'observe', 'delivery', 'context', 'identity', 'errors'],
  },
  fetch: {
    paths: ['providers/fetch/'],
    holds: 'calls seen on the wire; it reads them as the providers do',
    mayImport: ['providers', 'observe'],
  },
  providers: {
    paths: ['providers/*/'],
    holds: 'one folder a provider; it starts calls at a recorder that it was given',
    mayImport: ['observe'],
  },
  budgets: {
    paths: ['budgets/'],
    holds: 'asks the server about budgets, and guards calls with the answer',
    mayImport: ['surface', 'observe', 'context', 'errors'],
  },
  browser: {
    paths: ['browser/'],
    holds: "a tracker for pages, which sends to the host's own backend",
    mayImport: ['tracker', 'surface', 'delivery'],
  },
  relay: {
    paths: ['relay/'],
    holds: "the endpoint in the host's backend that pages send to",
    mayImport: ['delivery', 'context', 'errors'],
  },
  otel: {
    paths: ['otel/'],
    holds: "calls from OpenTelemetry's spans, and spans from calls",
    mayImport: ['observe', 'context'],
  },
  spool: {
    paths: ['spool/'],
    holds: 'keeps waiting events on disk; the one part for hosts that needs Node',
    mayImport: ['delivery'],
  },
  surface: {
    paths: ['tracker.ts', 'tracker-options.ts', 'budget-source.ts'],
    holds: 'what a tracker offers, and what a host may set',
    mayImport: ['record', 'events', 'observe', 'delivery', 'context', 'identity', 'errors'],
  },
  events: {
    paths: ['events/'],
    holds: 'what happens around the calls: signals, goals, conversations, flows, tools, activity',
    mayImport: ['record', 'observe', 'context'],
  },
  record: {
    paths: ['record-call.ts', 'record-event.ts'],
    holds: 'the one funnel: everything observed becomes an event here',
    mayImport: ['observe', 'context', 'identity', 'errors'],
  },
  observe: {
    paths: ['observe/'],
    holds: 'watching a promise or a stream without touching it',
    mayImport: ['context'],
  },
  delivery: {
    paths: ['delivery/'],
    holds: 'queue, batches, retries, losses',
    mayImport: ['context', 'identity', 'errors'],
  },
  context: {
    paths: ['context/'],
    holds: 'what the host runtime offers, who a call is for, and which trace it belongs to',
    mayImport: ['identity', 'errors'],
  },
  identity: {
    paths: ['identity/'],
    holds: 'event ids and trace ids, made from a clock and randomness that are passed in',
    mayImport: [],
  },
  errors: { paths: ['errors/'], holds: 'one file an error class', mayImport: [] },
  testing: {
    paths: ['testing/'],
    holds: 'the test tracker and the suite that every provider wrapper runs; imported by tests only',
    mayImport: '*',
  },
};

const client: PackageLayers = {
  entry: {
    paths: ['index.ts'],
    holds: 'the list of public names',
    mayImport: ['client', 'resources', 'http', 'session', 'errors'],
  },
  query: {
    paths: ['query/'],
    holds: 'TanStack Query options, one file a question',
    mayImport: ['client', 'resources', 'errors'],
  },
  client: {
    paths: ['create-client.ts'],
    holds: 'joins session, transport and resources',
    mayImport: ['resources', 'http', 'session', 'errors'],
  },
  resources: {
    paths: ['resources/'],
    holds: 'one file a noun of the HTTP surface',
    mayImport: ['http', 'session', 'answers', 'errors'],
  },
  http: {
    paths: [
      'http.ts',
      'send.ts',
      'routes.ts',
      'check-answer.ts',
      'read-problem.ts',
      'retry-rule.ts',
      'until-aborted.ts',
      'live-feed.ts',
    ],
    holds: 'the one place that calls ky and checks the protocol',
    mayImport: ['session', 'answers', 'errors'],
  },
  session: {
    paths: ['session/'],
    holds: 'who the token is for, and its renewal',
    mayImport: ['answers', 'errors'],
  },
  answers: {
    paths: ['answers/'],
    holds: "what each answer has to be, as data that is written from the protocol's schemas",
    mayImport: [],
  },
  errors: { paths: ['errors/'], holds: 'one file an error class', mayImport: [] },
  testing: {
    paths: ['testing/'],
    holds: 'msw handlers and typed fixtures',
    mayImport: '*',
  },
};

const widgets: PackageLayers = {
  entry: { paths: ['index.ts'], holds: 'the list of public names', mayImport: '*' },
  'server entry': {
    paths: ['server.ts'],
    holds: 'what is safe in a React server component',
    mayImport: ['widgets', 'states', 'format', 'messages', 'theme'],
  },
  widgets: {
    paths: ['widgets/*/'],
    holds: 'one folder a widget; query and state apart from the picture',
    mayImport: ['provider', 'card', 'controls', 'states', 'charts', 'format', 'messages', 'theme'],
  },
  provider: {
    paths: ['provider/'],
    holds: 'client, locale, currency and theme for everything below it',
    mayImport: ['charts', 'states', 'format', 'messages', 'theme'],
  },
  card: {
    paths: ['card/'],
    holds: 'the frame around every widget: title, headline, table switch',
    mayImport: ['provider', 'states', 'charts', 'format', 'messages', 'theme'],
  },
  controls: {
    paths: ['controls/'],
    holds: 'date range, grain, filter',
    mayImport: ['provider', 'format', 'messages', 'theme'],
  },
  states: {
    paths: ['states/'],
    holds: 'one file a state: empty, pending, stale, denied, withheld, failed',
    mayImport: ['provider', 'charts', 'format', 'messages', 'theme'],
  },
  charts: {
    paths: ['charts/'],
    holds: 'marks, axes, tooltip, keyboard; they never fetch',
    mayImport: ['format', 'messages', 'theme'],
  },
  format: { paths: ['format/'], holds: 'numbers, money and dates as text', mayImport: [] },
  messages: { paths: ['messages/'], holds: 'every word a widget shows', mayImport: [] },
  theme: { paths: ['theme/'], holds: 'tokens, the cascade layer, `theme.css`', mayImport: [] },
  testing: {
    paths: ['testing/'],
    holds: 'the suite that every widget runs; imported by tests only',
    mayImport: '*',
  },
};

/** Layers inside each package that has more than one. */
export const packageLayers: Readonly<Record<string, PackageLayers>> = {
  'tracker-sdk': trackerSdk,
  'server-adapter': serverAdapter,
  client,
  widgets,
};
