import type { DatasetAnswer, DatasetCatalogue, DatasetId, DatasetQuery } from '@tallykit/protocol';
import { datasetAnswerShape, datasetCatalogueShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Questions of the caller's own making, by the ids of dimensions and measures. */
export interface DatasetsResource {
  /** What this principal may ask. */
  list(options?: RequestOptions): Promise<DatasetCatalogue>;
  /**
   * Asks one dataset. A question that names an unknown id is a `ProblemError` with status 400.
   *
   * @example
   * const answer = await client.datasets.query('token_usage', { measures: ['cost'], dimensions: ['flow'] });
   */
  query(id: DatasetId, query: DatasetQuery, options?: RequestOptions): Promise<DatasetAnswer>;
}

/** The datasets over one client's transport. */
export function datasetsResource(send: Send): DatasetsResource {
  return {
    list: (options) =>
      send({ route: routes.listDatasets, safe: true, answer: datasetCatalogueShape }, options),
    query: (id, query, options) =>
      send(
        // A POST only because the question is long: it changes nothing, so it may be repeated.
        {
          route: routes.queryDataset,
          parameters: { id },
          body: query,
          safe: true,
          answer: datasetAnswerShape,
        },
        options,
      ),
  };
}
