// The local server of an inspection: on the loopback interface alone, for one browser that has the token.
// From: Strata, DESIGN (inspect: the web page and its local server).
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { inspectionApi } from './api.js';
import { newToken, onlyThisHost, onlyWithToken } from './guard.js';
import { InspectedRun, type InspectionSource } from './inspected-run.js';
import { type PageFile, pageFiles } from './page-files.js';

/** A server under way. */
export interface Inspection {
  /** Address with the token, for the person's own browser. */
  readonly url: string;
  readonly port: number;
  /** Ends what is under way and closes every connection. */
  close(): Promise<void>;
}

/** How to serve. */
export interface InspectionOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Folder of the built page, where it is another. */
  readonly page?: string;
}

/** The port is taken, or may not be used. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

const LOOPBACK = '127.0.0.1';

/** Starts to serve a run; throws PageNotBuiltError, PortError or ConceptSpaceError. */
export async function startInspection(source: InspectionSource, options: InspectionOptions = {}): Promise<Inspection> {
  const files = pageFiles(options.page);
  const token = newToken();
  const inspected = new InspectedRun(source);
  let port = 0;
  const app = inspectionApp(inspected, files, token, () => port);
  let server: ServerType;
  try {
    server = await listening(app, options.port ?? 0);
  } catch (error) {
    await inspected.dispose();
    const why = error instanceof Error ? error.message : String(error);
    throw new PortError(`port ${options.port} cannot be used (${why}). Name another with --port, or leave it out.`);
  }
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://${LOOPBACK}:${port}/?token=${token}`,
    port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await inspected.dispose();
    },
  };
}

/** The whole application, without a network. */
export function inspectionApp(
  run: InspectedRun,
  files: ReadonlyMap<string, PageFile>,
  token: string,
  port: () => number,
): Hono {
  const app = new Hono();
  app.use(onlyThisHost(port));
  app.use(onlyWithToken(token, port));
  app.route('/api', inspectionApi(run));
  app.get('*', (context) => {
    const file = files.get(context.req.path);
    if (file === undefined) return context.text('There is no such page.', 404);
    return context.body(file.bytes, 200, { 'Content-Type': file.type });
  });
  return app;
}

function listening(app: Hono, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: LOOPBACK, port }, () => resolve(server));
    server.once('error', reject);
  });
}
