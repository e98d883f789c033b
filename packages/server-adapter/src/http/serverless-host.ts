/** Settings of a process, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

// Each host sets its own variable in every function that it runs, and nowhere else.
const marks: Readonly<Record<string, string>> = {
  VERCEL: 'Vercel',
  AWS_LAMBDA_FUNCTION_NAME: 'AWS Lambda',
  NETLIFY: 'Netlify',
};

/** The host that ends or freezes this process between requests, by name; null where it runs on. */
export function serverlessHost(environment: Environment): string | null {
  const mark = Object.keys(marks).find((name) => (environment[name] ?? '') !== '');
  return mark === undefined ? null : (marks[mark] ?? null);
}
