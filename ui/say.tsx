import { VisuallyHidden } from "@chakra-ui/react";
import { useSyncExternalStore } from "react";

let said = { text: "", times: 0 };
const listeners = new Set<() => void>();

/** Milliseconds. A page that comes back from behind a dialog is heard of only then, and where the focus goes is said first. */
const later = 250;
/** What stays would be read once more when a dialog has gone and the page comes back. */
const gone = 4_000;
let clearing: ReturnType<typeof setTimeout> | undefined;

/** Says aloud, to those who listen with a screen reader, what became of what they did. Nothing is seen of it. */
export function say(text: string): void {
  setTimeout(() => {
    put(text);
    clearTimeout(clearing);
    clearing = setTimeout(() => put(""), gone);
  }, later);
}

function put(text: string): void {
  said = { text, times: said.times + 1 };
  for (const listener of listeners) listener();
}

const listen = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The place from which it is read. It is there before anything is said: a region that comes with its words is passed over. */
export function SpokenPlace() {
  const { text, times } = useSyncExternalStore(listen, () => said);
  // The same words once more are a change only where they come as a new element.
  return (
    <VisuallyHidden aria-live="polite">
      <span key={times}>{text}</span>
    </VisuallyHidden>
  );
}
