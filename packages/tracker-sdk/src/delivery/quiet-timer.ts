/** A timer that keeps no process alive. */
export function quietTimer(callback: () => void, milliseconds: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(callback, milliseconds);
  // Browsers and some edge runtimes know timers as numbers.
  (timer as { unref?: () => void }).unref?.();
  return timer;
}
