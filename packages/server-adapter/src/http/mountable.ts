/** What every mount needs: one function from a request to its answer. A `Tallykit` is one. */
export interface Mountable {
  handler(request: Request): Promise<Response>;
}
