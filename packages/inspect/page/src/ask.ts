// Questions to the server, answered as JSON; an answer that is an error becomes one with the server's words.
export async function ask<T>(path: string, question?: unknown, method?: string): Promise<T> {
  const response = await fetch(`/api/${path}`, {
    method: method ?? (question === undefined ? 'GET' : 'POST'),
    ...(question !== undefined && {
      body: JSON.stringify(question),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(text || `the server answered with status ${response.status}`);
  }
  if (!response.ok) throw new Error((answer as { error?: string }).error ?? `status ${response.status}`);
  return answer as T;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof TypeError) return 'the server does not answer; is strata inspect still running?';
  return error instanceof Error ? error.message : String(error);
}
