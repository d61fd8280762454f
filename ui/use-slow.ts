import { useEffect, useState } from "react";

/** What takes longer than this many milliseconds shows that it is working. */
const patience = 300;

/** Whether something has been going on for so long that a person should see it. What is quick shows nothing and does not flicker. */
export function useSlow(isWorking: boolean): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isWorking) return;
    const timer = setTimeout(() => setSlow(true), patience);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isWorking]);
  return isSlow && isWorking;
}
