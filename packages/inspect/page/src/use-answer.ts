// An answer of the server as a component sees it: on its way, there, or an error in words.
import { useEffect, useState } from 'react';
import { ask, messageOf } from './ask.js';

export interface Asked<T> {
  readonly answer?: T;
  readonly error?: string;
}

/** Asks when the path changes; an answer to an earlier path is dropped. */
export function useAnswer<T>(path: string): Asked<T> {
  const [asked, setAsked] = useState<Asked<T> & { readonly path: string }>({ path });
  useEffect(() => {
    let current = true;
    ask<T>(path)
      .then((answer) => current && setAsked({ path, answer }))
      .catch((error: unknown) => current && setAsked({ path, error: messageOf(error) }));
    return () => {
      current = false;
    };
  }, [path]);
  return asked.path === path ? asked : {};
}
