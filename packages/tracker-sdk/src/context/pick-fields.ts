/**
 * These fields of an object of the host's, named in one text: nothing else that sits on it can leave the host. What is
 * absent stays so on the wire.
 */
export const pickFields = <Source extends object, Name extends keyof Source>(
  source: Source,
  names: string,
): Pick<Source, Name> =>
  Object.fromEntries(names.split(' ').map((name) => [name, source[name as Name]])) as Pick<Source, Name>;
