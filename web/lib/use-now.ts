import { useEffect, useState } from "react";

/** The time, told again every few seconds: "until 9:00" must become "due since 9:00" without a reload. */
export function useNow(every = 10_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
