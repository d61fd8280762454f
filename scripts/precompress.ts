import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** Fonts and pictures are compressed already. Source maps are read by hardly anybody and would take most of the time. */
const worthwhile = /\.(js|css|html|svg|json)$/;

/**
 * Puts `name.br` and `name.gz` beside every text file of the build. The server sends them as they are, so that it
 * compresses nothing twice and can afford the smallest form.
 */
export function precompress(): Plugin {
  let outDir: string | undefined;
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => {
      outDir = config.build.write ? resolve(config.root, config.build.outDir) : undefined;
    },
    closeBundle: async () => {
      const folder = outDir;
      if (folder === undefined) return;
      const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => worthwhile.test(name));
      await Promise.all(names.map((name) => compressFile(join(folder, name))));
    },
  };
}

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function compressFile(path: string): Promise<void> {
  const text = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  const forms = { br: await toBrotli(text, { params }), gz: await toGzip(text, { level: constants.Z_BEST_COMPRESSION }) };
  // A form that is not smaller only costs the browser time.
  for (const [ending, bytes] of Object.entries(forms)) if (bytes.length < text.length) writeFileSync(`${path}.${ending}`, bytes);
}
