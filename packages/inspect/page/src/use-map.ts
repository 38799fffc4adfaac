// The map as it comes: its progress while it is computed, then where every concept lies.
import { useEffect, useState } from 'react';
import type { MapAnswer } from '../../src/answers.js';
import { ask, messageOf } from './ask.js';

export type MapState =
  | { readonly state: 'computing'; readonly step: string; readonly share: number }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'ready'; readonly x: Float32Array; readonly y: Float32Array };

const AGAIN = 500;

/** Asks until the map is there. */
export function useMap(): MapState {
  const [map, setMap] = useState<MapState>({ state: 'computing', step: 'asking', share: 0 });
  useEffect(() => {
    let timer: number | undefined;
    let current = true;
    const look = async (): Promise<void> => {
      try {
        const answer = await ask<MapAnswer>('map');
        if (!current) return;
        if (answer.state !== 'ready') {
          setMap(answer);
          if (answer.state === 'computing') timer = window.setTimeout(look, AGAIN);
          return;
        }
        const { positions } = answer;
        const column = (of: 0 | 1): Float32Array =>
          Float32Array.from({ length: positions.length / 2 }, (_, id) => positions[2 * id + of]!);
        setMap({ state: 'ready', x: column(0), y: column(1) });
      } catch (error) {
        if (current) setMap({ state: 'failed', error: messageOf(error) });
      }
    };
    void look();
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, []);
  return map;
}

/** Whether the system asks for a dark page. */
export function useDark(): boolean {
  const query = '(prefers-color-scheme: dark)';
  const [dark, setDark] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const changed = (): void => setDark(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return dark;
}
