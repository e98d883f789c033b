const conditions = ['dev-source', 'module', 'node', 'development|production'];

/**
 * Lets a Vitest project read sibling packages from their sources, so that no build is needed before a test.
 * Spread it into a project's configuration: `{ ...sourceConditions, test: { ...sourceConditions.test, name } }`.
 *
 * `execArgv` gives the same condition to worker threads that a test starts. A child process started by a test has to
 * ask for it itself: `spawn(process.execPath, ['--conditions=dev-source', file])`.
 */
export const sourceConditions = {
  resolve: { conditions: [...conditions] },
  ssr: {
    resolve: {
      conditions: [...conditions],
      externalConditions: ['dev-source', 'node', 'module-sync'],
    },
  },
  test: { execArgv: ['--conditions=dev-source'] },
};

const conditionsOfNode = conditions.filter((condition) => condition !== 'module');

/** The same without `module`, the condition that leads to builds for bundlers: what Node itself would load. */
export const sourceConditionsOfNode = {
  ...sourceConditions,
  resolve: { conditions: [...conditionsOfNode] },
  ssr: { resolve: { ...sourceConditions.ssr.resolve, conditions: [...conditionsOfNode] } },
};
