const PATIENCE = 15000;

// The server said no: status and its own words. Anything else that goes wrong is a lost connection.
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const response = await fetch('api/' + path, {
    method, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let answer = null;
  try { answer = text ? JSON.parse(text) : null; } catch { /* an error page of a proxy is not JSON */ }
  if (!response.ok) throw new Refused(response.status, answer?.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

export const get = path => call('GET', path);
export const post = (path, body) => call('POST', path, body ?? {});
export const name = encodeURIComponent;
