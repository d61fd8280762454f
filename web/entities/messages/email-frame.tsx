import { Box, chakra } from "@chakra-ui/react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { pictureFrame } from "#contract/picture-frame.ts";
import { withoutCounting } from "#contract/tracking-paths.ts";

/**
 * The e-mail in a frame of its own: no scripts, no cookies, no way to this page. A frame has the security policy of the page
 * that holds it, and this page's lets no picture from elsewhere be fetched, so looking at a message tells nobody anything. Links
 * open in a new tab, and a click here is not counted as one of the contact.
 */
const inFrame = (html: string) => `<!doctype html><base target="_blank"><meta name="color-scheme" content="light">${withoutCounting(html)}`;

const sandbox = "allow-popups allow-popups-to-escape-sandbox";

/** Light becomes dark, and a hue stays what it is. */
const turned = "invert(0.92) hue-rotate(180deg)";

interface EmailFrameProps {
  title: string;
  html: string;
  /** Pixels for which the e-mail is laid out; it is drawn smaller where there is less room. Without it, what room there is. */
  width?: number;
  /** About as programs show it that turn light colours dark: they turn its colours round, and leave the hues. */
  isDark?: boolean;
  /** Pictures from elsewhere are fetched: the frame then stands in a page of its own, whose policy lets them. */
  withPictures?: boolean;
  /** The page that lets pictures in could not be loaded. */
  onNoPictures?: () => void;
}

export function EmailFrame({ title, html, width, isDark = false, withPictures = false, onNoPictures }: EmailFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
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
  const fill = () => {
    const inner = frame.current?.contentDocument?.querySelector("iframe");
    if (!inner) return false;
    inner.title = title;
    inner.srcdoc = inFrame(html);
    return true;
  };
  // What is shown changes while somebody writes; before the page is there, its own event fills it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it fills in these two
  useEffect(() => void (withPictures && fill()), [withPictures, title, html]);
  const content = withPictures
    ? { key: "pictures", src: pictureFrame, sandbox: `allow-same-origin ${sandbox}`, onLoad: () => void (fill() || onNoPictures?.()) }
    : { key: "plain", srcDoc: inFrame(html), sandbox };
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
        {...content}
        key={content.key}
        ref={frame}
        title={title}
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
