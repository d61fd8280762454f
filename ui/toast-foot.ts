export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const margin = 16;
const gap = 8;

/**
 * How far above the foot of the window the toasts begin, so that they cover none of what is to be kept clear. Where there
 * is no such place, they stay within the window and cover the least: what stands lowest is kept clear first.
 */
export function toastFoot(windowHeight: number, toasts: { left: number; right: number; height: number }, kept: readonly Box[]): number {
  let foot = margin;
  const below = kept.filter(({ left, right }) => right > toasts.left && left < toasts.right).toSorted((a, b) => b.bottom - a.bottom);
  for (const { top, bottom } of below) {
    const [highest, lowest] = [windowHeight - foot - toasts.height, windowHeight - foot];
    if (bottom + gap > highest && top - gap < lowest) foot = Math.max(foot, windowHeight - top + gap);
  }
  return Math.max(margin, Math.min(foot, windowHeight - toasts.height - gap));
}
