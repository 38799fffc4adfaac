// Who may speak to the server: this machine's own browser, with the token of the address that was printed.
// From: the defences against DNS rebinding and cross-site requests (OWASP cheat sheets): Host, token, CSP, no CORS.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** A secret for one server, in characters that a URL takes as they are. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Scripts and styles come from this server alone; nothing inline, nothing evaluated, nothing embedded but the map's own frame. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; " +
  "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/**
 * The map's frame draws with regl, which compiles its draw calls: it may evaluate, but it connects to nothing, and it is
 * given numbers only, never text.
 */
const MAP_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; connect-src 'none'; img-src 'none'; " +
  "worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** The path of the map's frame. */
export const MAP_PATH = '/map.html';

/** Lets pass what names this very server in its Host header; everything gets the headers that protect it. */
export function onlyThisHost(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const own = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = context.req.header('host') ?? '';
    const origin = context.req.header('origin');
    const foreign = origin !== undefined && !own.some((name) => origin === `http://${name}`);
    if (!own.includes(host) || foreign) {
      protect(context);
      return context.text(
        `This is Strata's inspection at ${own[0]}; it answers requests from its own page alone.`,
        403,
      );
    }
    await next();
    protect(context);
    return undefined;
  };
}

function protect(context: Context): void {
  const policy = context.req.path === MAP_PATH ? MAP_POLICY : PAGE_POLICY;
  for (const [name, value] of [
    ['Content-Security-Policy', policy],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', context.req.path === MAP_PATH ? 'SAMEORIGIN' : 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Cache-Control', 'no-store'],
  ] as const)
    context.res.headers.set(name, value);
}

/** Lets pass what has the token: as a cookie, as a header, or once in the page's address, which then sets the cookie. */
export function onlyWithToken(token: string, port: () => number): MiddlewareHandler {
  return async (context, next) => {
    // Cookies know no ports: two inspections side by side need two names.
    const cookie = `strata-inspect-${port()}`;
    const asked = context.req.path === '/' ? context.req.query('token') : undefined;
    const given = asked ?? context.req.header('x-strata-token') ?? getCookie(context, cookie);
    if (given === undefined || !sameSecret(given, token))
      return context.text(
        'Open the whole address that strata inspect printed: it holds a token, which is missing here.',
        401,
      );
    if (asked !== undefined)
      setCookie(context, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/', secure: false });
    await next();
    return undefined;
  };
}

/** Compares in a time that does not depend on where two secrets differ. */
function sameSecret(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
