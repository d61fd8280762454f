import { useRef } from "react";

interface LastShown<T> {
  /** The target, or the last one while nothing is open; null before the first. */
  shown: T | null;
  /** Counts the openings. As a React `key` it gives each opening a component of its own, with nothing left of the one before. */
  opening: number;
}

/**
 * Keeps what a dialog or panel showed while it closes, so that its text does not vanish during the animation.
 * `target` null means closed. `idOf` says when a target is another one; without it, when it is another object.
 */
export function useLastShown<T>(target: T | null, idOf: (target: T) => unknown = (one) => one): LastShown<T> {
  const last = useRef<LastShown<T> & { open: boolean }>({ shown: null, opening: 0, open: false });
  const { shown, opening, open } = last.current;
  if (target === null) last.current = { shown, opening, open: false };
  else {
    const isAnother = !open || shown === null || idOf(shown) !== idOf(target);
    last.current = { shown: target, opening: isAnother ? opening + 1 : opening, open: true };
  }
  return last.current;
}
