import { Box, chakra } from "@chakra-ui/react";
import { useLayoutEffect, useRef, useState } from "react";
import { withoutCounting } from "#contract/tracking-paths.ts";

/**
 * The e-mail in a frame of its own: no scripts, no cookies, no way to this page; pictures from elsewhere are not
 * fetched (the page's security policy), so looking at a message tells nobody anything. Links open in a new tab, and a click here is not
 * counted as one of the contact.
 */
const inFrame = (html: string) => `<!doctype html><base target="_blank"><meta name="color-scheme" content="light">${withoutCounting(html)}`;

/** Light becomes dark, and a hue stays what it is. */
const turned = "invert(0.92) hue-rotate(180deg)";

interface EmailFrameProps {
  title: string;
  html: string;
  /** Pixels for which the e-mail is laid out; it is drawn smaller where there is less room. Without it, what room there is. */
  width?: number;
  /** About as programs show it that turn light colours dark: they turn its colours round, and leave the hues. */
  isDark?: boolean;
}

export function EmailFrame({ title, html, width, isDark = false }: EmailFrameProps) {
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<number | null>(null);
  useLayoutEffect(() => {
    if (!box.current) return;
    const measure = () => setRoom(box.current?.clientWidth || null);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const scale = width !== undefined && room !== null ? Math.min(1, room / width) : 1;
  return (
    <Box
      ref={box}
      position="relative"
      flex="1"
      minH={width === undefined ? "20rem" : "26rem"}
      overflow="hidden"
      bg={width === undefined ? "white" : "bg.muted"}
    >
      <chakra.iframe
        title={title}
        srcDoc={inFrame(html)}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        position="absolute"
        top="0"
        left={width === undefined ? "0" : `max(0px, calc(50% - ${(width * scale) / 2}px))`}
        border="0"
        bg="white"
        transformOrigin="0 0"
        style={{
          width: width ?? "100%",
          height: `${100 / scale}%`,
          transform: scale < 1 ? `scale(${scale})` : undefined,
          filter: isDark ? turned : undefined,
        }}
      />
    </Box>
  );
}
