// `npm run build`: installs when needed, and builds all packages and the page of `strata inspect`.
import { prepare } from './prepare.mjs';

prepare({ alwaysBuild: true });
