import { type LayoutInput, layoutOf } from "./layout.ts";

self.onmessage = ({ data }: MessageEvent<LayoutInput>) => self.postMessage(layoutOf(data));
