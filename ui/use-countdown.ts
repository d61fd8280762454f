import { useEffect, useState } from "react";

/** The whole seconds until a moment of this browser's clock, updated every second. 0 once it has passed, and for null. */
export function useCountdown(until: number | null): number {
  const left = () => (until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000)));
  const [seconds, setSeconds] = useState(left);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `left` is made of `until` alone.
  useEffect(() => {
    setSeconds(left());
    if (until === null || until <= Date.now()) return;
    const timer = setInterval(() => {
      setSeconds(left());
      if (until <= Date.now()) clearInterval(timer);
    }, 200);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
