import { execFile } from "node:child_process";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { LookUp } from "../host-look-up.ts";
import type { HttpCall, HttpResult } from "./guarded-request.ts";
import { guardedRequest } from "./guarded-request.ts";
import { longestAnswer } from "./http-body.ts";
import { type HttpRules, publicOnly } from "./http-rules.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Heard {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** A server on every address of this machine, and what it heard. */
async function listen(answer: RequestListener = (_, res) => res.end("ok")): Promise<{ port: number; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    heard.push({ method: req.method, url: req.url, headers: req.headers, body });
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, heard };
}

const answers = (...addresses: string[]): LookUp => {
  return async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
};
const inside = (...extraPorts: number[]): HttpRules => ({ allowPrivateHosts: true, extraPorts });

const call = (url: string, rules: HttpRules, more: Partial<HttpCall> = {}, lookUp?: LookUp): Promise<HttpResult> =>
  guardedRequest({ method: "GET", url, headers: {}, timeoutMs: 3_000, ...more }, { rules, lookUp });

describe("an address inside, with public hosts only", () => {
  test("is not reached by any of its spellings: a listener on this machine hears nothing", async () => {
    const { port, heard } = await listen();
    const rules = { ...publicOnly, extraPorts: [port] };
    const literals = [
      ...["127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.0.0.1", "2130706433", "017700000001", "0177.0.0.1", "127.0.0.1."],
      ...["0", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::7f00:1]"],
      ...["[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fe80::1]", "169.254.169.254"],
      ...["10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1"],
    ];
    for (const host of literals) {
      const result = await call(`http://${host}:${port}/`, rules, {}, () => Promise.reject(new Error("A literal was looked up")));
      expect(result.outcome, host).toBe("refused");
    }
    for (const host of ["localhost", "localhost.", "LOCALHOST", "a.localhost", "ⓛocalhost"]) {
      const result = await call(`http://${host}:${port}/`, rules);
      // Not every resolver knows every name; one that does not gives an error, and nothing is called either.
      expect(["refused", "unreachable"], host).toContain(result.outcome);
    }
    expect(heard).toEqual([]);
  });

  test.each([
    ...["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378::", "fe80::1", "0.0.0.0", "::"],
    ...["169.254.169.254", "100.64.0.1", "10.1.2.3", "fd00::1", "fe80::1%lo"],
  ])("is not reached by a name that answers %s", async (address) => {
    const { port, heard } = await listen();
    const result = await call(`http://some.localhost:${port}/`, { ...publicOnly, extraPorts: [port] }, {}, answers(address));
    expect(result).toMatchObject({ outcome: "refused", message: expect.stringContaining("some.localhost cannot be called") });
    expect(heard).toEqual([]);
  });

  test("is not reached by a name with one bad answer among good ones, wherever it stands", async () => {
    for (const mixed of [
      ["8.8.8.8", "127.0.0.1"],
      ["127.0.0.1", "8.8.8.8"],
      ["2001:4860:4860::8888", "8.8.8.8", "::1"],
    ]) {
      expect(await call("http://mixed.localhost/", publicOnly, {}, answers(...mixed))).toMatchObject({ outcome: "refused" });
    }
  });

  test("a name without an address is refused", async () => {
    expect(await call("http://none.localhost/", publicOnly, {}, answers())).toMatchObject({ outcome: "refused" });
  });
});

test.each([
  ["ftp://example.com/", "https:// or http://"],
  ["file:///etc/passwd", "https:// or http://"],
  ["javascript:alert(1)", "https:// or http://"],
  ["//example.com/", "not a complete one"],
  ["http://", "not a complete one"],
  ["http://[fe80::1%25lo]/", "not a complete one"],
  ["http://user@example.com/", "user name"],
  ["http://:secret@example.com/", "user name"],
  ["http://example.com:22/", "Port 22"],
  ["http://example.com:5432/", "Port 5432"],
  ["https://example.com:8443/", "HTTP_EXTRA_PORTS"],
])("%s is refused, and says why", async (url, why) => {
  expect(await call(url, publicOnly, {}, answers("8.8.8.8"))).toMatchObject({ outcome: "refused", message: expect.stringContaining(why) });
});

describe("redirects", () => {
  test("are followed up to three times, and a fourth is refused", async () => {
    let left = 3;
    const { port, heard } = await listen((_, res) => (left-- > 0 ? res.writeHead(302, { location: "/again" }).end() : res.end("arrived")));
    const url = `http://127.0.0.1:${port}/`;
    expect(await call(url, inside(port))).toMatchObject({ outcome: "answered", body: "arrived" });
    expect(heard).toHaveLength(4);
    left = 4;
    expect(await call(url, inside(port))).toMatchObject({ outcome: "refused", message: expect.stringContaining("3 times") });
    expect(heard).toHaveLength(8);
  });

  test.each([
    ...["http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]:PORT/", "http://0.0.0.0:PORT/", "http://0:PORT/"],
    ...[
      "http://[64:ff9b::7f00:1]:PORT/",
      "http://127.0.0.1:22/",
      "http://user:pw@127.0.0.1:PORT/",
      "file:///etc/passwd",
      "gopher://127.0.0.1:PORT/",
    ],
  ])("to %s is refused, and nobody is called", async (target) => {
    const canary = await listen();
    const location = target.replace("PORT", String(canary.port));
    const { port } = await listen((_, res) => res.writeHead(307, { location }).end());
    expect(await call(`http://127.0.0.1:${port}/`, inside(port, canary.port), { method: "POST", body: "x" })).toMatchObject({
      outcome: "refused",
    });
    expect(canary.heard).toEqual([]);
  });

  test("to a name whose answer has turned bad meanwhile are refused: every leg is judged by what it connects to", async () => {
    const { port, heard } = await listen((_, res) => res.writeHead(302, { location: "/second" }).end());
    const asked: string[] = [];
    const turning: LookUp = async (host) => {
      asked.push(host);
      return [{ address: asked.length === 1 ? "127.0.0.1" : "169.254.169.254", family: 4 }];
    };
    expect(await call(`http://turning.localhost:${port}/`, inside(port), {}, turning)).toMatchObject({ outcome: "refused" });
    expect(heard.map(({ url }) => url)).toEqual(["/"]);
    expect(asked).toEqual(["turning.localhost", "turning.localhost"]);
  });

  test("to another host, port or scheme leave the author's headers behind; on the same one they stay", async () => {
    const other = await listen();
    const { port, heard } = await listen((req, res) => {
      if (req.url === "/other") res.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end();
      else if (req.url === "/same") res.writeHead(307, { location: "/here" }).end();
      else res.end();
    });
    const headers = { Authorization: "Bearer secret", "X-Api-Key": "secret" };
    const more = { method: "POST", body: "{}", headers, openHeaders: { "Idempotency-Key": "k" } } as const;
    await call(`http://127.0.0.1:${port}/other`, inside(port, other.port), more);
    expect(JSON.stringify(other.heard)).not.toContain("secret");
    expect(other.heard).toMatchObject([{ method: "POST", body: "{}", headers: { "idempotency-key": "k" } }]);
    await call(`http://127.0.0.1:${port}/same`, inside(port), more);
    expect(heard.at(-1)).toMatchObject({ url: "/here", headers: { authorization: "Bearer secret", "x-api-key": "secret" } });
  });

  test("turn a POST into a GET without a body where browsers do", async () => {
    for (const [status, method] of [
      [301, "GET"],
      [302, "GET"],
      [303, "GET"],
      [307, "POST"],
      [308, "POST"],
    ] as const) {
      const { port, heard } = await listen((req, res) =>
        req.url === "/" ? res.writeHead(status, { location: "/next" }).end() : res.end(),
      );
      await call(`http://127.0.0.1:${port}/`, inside(port), { method: "POST", body: "x" });
      expect(heard[1], String(status)).toMatchObject({ method, body: method === "POST" ? "x" : "" });
    }
  });
});

describe("answers", () => {
  test("are cut off at a mebibyte, while they come in", async () => {
    let written = 0;
    const { port } = await listen(async (_, res) => {
      const chunk = Buffer.alloc(64 * 1024, "a");
      for (let i = 0; i < 1_000 && !res.destroyed; i += 1) {
        written += chunk.length;
        if (!res.write(chunk)) await Promise.race([new Promise((resolve) => res.once("drain", resolve)), sleep(50)]);
      }
      res.end();
    });
    const result = await call(`http://127.0.0.1:${port}/`, inside(port));
    expect(result).toMatchObject({ outcome: "answered", isCut: true });
    expect(result.outcome === "answered" && result.body.length).toBe(longestAnswer);
    expect(written).toBeLessThan(32 * longestAnswer);
  });

  test("of exactly a mebibyte are whole", async () => {
    const { port } = await listen((_, res) => res.end(Buffer.alloc(longestAnswer, "a")));
    expect(await call(`http://127.0.0.1:${port}/`, inside(port))).toMatchObject({ outcome: "answered", isCut: false });
  });

  test("that unpack to more, or to nothing for ever, are cut off as well", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * longestAnswer));
    const first = await listen((_, res) => res.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    expect(await call(`http://127.0.0.1:${first.port}/`, inside(first.port))).toMatchObject({ outcome: "answered", isCut: true });
    const nothing = gzipSync(Buffer.alloc(0));
    const second = await listen((_, res) =>
      res.writeHead(200, { "content-encoding": "gzip" }).end(Buffer.concat(Array(100_000).fill(nothing))),
    );
    expect(await call(`http://127.0.0.1:${second.port}/`, inside(second.port))).toMatchObject({
      outcome: "answered",
      isCut: true,
      body: "",
    });
  });

  test("that are packed are read, although plain ones were asked for; in an unknown way, or broken, it was answered all the same", async () => {
    const { port, heard } = await listen((req, res) => {
      const coding = req.url?.slice(1) ?? "";
      res
        .writeHead(200, { "content-encoding": coding })
        .end(
          coding === "gzip"
            ? gzipSync("hello")
            : coding === "zstd"
              ? zstdCompressSync("hello")
              : coding === "x-gzip"
                ? gzipSync("hello").subarray(0, 12)
                : "hello",
        );
    });
    const at = (path: string) => call(`http://127.0.0.1:${port}/${path}`, inside(port));
    expect(await at("gzip")).toMatchObject({ outcome: "answered", body: "hello" });
    expect(await at("zstd")).toMatchObject({ outcome: "answered", body: "hello" });
    for (const broken of ["br", "constructor", "x-gzip", "deflate"]) {
      expect(await at(broken)).toMatchObject({ outcome: "answered", status: 200, body: "", unreadable: expect.stringContaining("packed") });
    }
    expect(heard[0]?.headers).toMatchObject({ "accept-encoding": "identity" });
  });

  test("are read in the charset that they name", async () => {
    const { port } = await listen((req, res) =>
      res
        .writeHead(200, { "content-type": `text/plain; charset=${req.url?.slice(1)}` })
        .end(Buffer.from(req.url === "/utf-8" ? "\uFEFFé" : "é", req.url === "/utf-8" ? "utf8" : "latin1")),
    );
    for (const charset of ["iso-8859-1", "ISO-8859-1", "windows-1252", "utf-8"]) {
      expect(await call(`http://127.0.0.1:${port}/${charset}`, inside(port))).toMatchObject({ body: "é" });
    }
  });

  test("are Windows-1252 where they are no UTF-8, and unreadable where they are no text of the charset that they name", async () => {
    const { port } = await listen((req, res) =>
      res
        .writeHead(200, { "content-type": `application/json${decodeURIComponent(req.url?.slice(1) ?? "")}` })
        .end(Buffer.from([0x22, 0xe9, 0x80, 0x22])),
    );
    for (const named of ["", "; charset=utf-8", "; charset=nonsense"]) {
      expect(await call(`http://127.0.0.1:${port}/${encodeURIComponent(named)}`, inside(port))).toMatchObject({ body: '"é€"' });
    }
    expect(await call(`http://127.0.0.1:${port}/${encodeURIComponent("; charset=gbk")}`, inside(port))).toMatchObject({
      body: expect.not.stringContaining("\u{FFFD}"),
    });
    expect(await call(`http://127.0.0.1:${port}/${encodeURIComponent("; charset=euc-kr")}`, inside(port))).toMatchObject({
      status: 200,
      unreadable: expect.stringContaining("charset"),
    });
  });

  test("say when to come back", async () => {
    const { port } = await listen((_, res) => res.writeHead(429, { "retry-after": "7" }).end());
    expect(await call(`http://127.0.0.1:${port}/`, inside(port))).toMatchObject({ outcome: "answered", status: 429, retryAfter: "7" });
  });

  test("that never come end at the time limit", async () => {
    const { port } = await listen(() => {});
    expect(await call(`http://127.0.0.1:${port}/`, inside(port), { timeoutMs: 300 })).toMatchObject({ outcome: "timeout" });
  });

  test.each([
    ["come drop by drop", (res: Parameters<RequestListener>[1]) => void setInterval(() => res.write("."), 20).unref()],
    ["stop behind their headers", (res: Parameters<RequestListener>[1]) => void res.writeHead(200).write("x")],
    [
      "are shorter than they say",
      (res: Parameters<RequestListener>[1]) => void res.writeHead(200, { "content-length": 100 }).write("{}", () => res.destroy()),
    ],
    ["break off between their pieces", (res: Parameters<RequestListener>[1]) => void res.writeHead(200).write("{", () => res.destroy())],
  ])("that %s were given all the same, so nobody asks again", async (_what, answer) => {
    const { port } = await listen((_, res) => answer(res));
    expect(await call(`http://127.0.0.1:${port}/`, inside(port), { timeoutMs: 2_000 })).toMatchObject({
      outcome: "answered",
      status: 200,
      body: "",
      unreadable: expect.stringContaining("broke off"),
    });
  });

  test("for which the name server takes for ever end at the time limit", async () => {
    const never: LookUp = () => new Promise(() => {});
    expect(await call("http://slow.localhost/", publicOnly, { timeoutMs: 200 }, never)).toMatchObject({ outcome: "timeout" });
  });

  test("of a host that breaks off, or takes no connection, are told in words, without the address", async () => {
    const { port } = await listen((_, res) => res.destroy());
    expect(await call(`http://127.0.0.1:${port}/`, inside(port))).toMatchObject({
      outcome: "unreachable",
      message: expect.stringContaining("broke"),
    });
    expect(await call("http://127.0.0.1:1/", inside(1))).toEqual({
      outcome: "unreachable",
      message: "The host takes no connection on this port.",
      mayHaveLeft: false,
    });
  });

  test("say whether the request may have left: not without a connection, and from then on it may", async () => {
    const post = { method: "POST", body: "a=b" } as const;
    const { port } = await listen((_, res) => res.destroy());
    expect(await call(`http://127.0.0.1:${port}/`, inside(port), post)).toMatchObject({ outcome: "unreachable", mayHaveLeft: true });
    const silent = await listen(() => {});
    const late = { ...post, timeoutMs: 300 };
    expect(await call(`http://127.0.0.1:${silent.port}/`, inside(silent.port), late)).toMatchObject({
      outcome: "timeout",
      mayHaveLeft: true,
    });
    const never: LookUp = () => new Promise(() => {});
    expect(await call("http://slow.localhost/", publicOnly, late, never)).toMatchObject({ outcome: "timeout", mayHaveLeft: false });
    // TLS to a server that speaks none: a connection, but nothing of the request went over it.
    expect(await call(`https://127.0.0.1:${silent.port}/`, inside(silent.port), post)).toMatchObject({ mayHaveLeft: false });
  });
});

test("a redirect is an answer like any other where the caller follows none", async () => {
  const { port, heard } = await listen((_, res) => res.writeHead(307, { location: "/elsewhere" }).end());
  const result = await call(`http://127.0.0.1:${port}/`, inside(port), { method: "POST", body: "a=b", followsRedirects: false });
  expect(result).toMatchObject({ outcome: "answered", status: 307 });
  expect(heard).toHaveLength(1);
});

test("a header of two lines is refused before anything leaves", async () => {
  const { port, heard } = await listen();
  const result = await call(`http://127.0.0.1:${port}/`, inside(port), { headers: { "X-A": "a\r\nHost: evil" } });
  expect(result).toMatchObject({ outcome: "refused" });
  expect(heard).toEqual([]);
});

test("keeps no cookies", async () => {
  const { port, heard } = await listen((_, res) => res.writeHead(200, { "set-cookie": "a=b" }).end());
  await call(`http://127.0.0.1:${port}/`, inside(port));
  await call(`http://127.0.0.1:${port}/`, inside(port));
  expect(heard.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});

test("asks none of the proxies that the environment names", async () => {
  const proxy = await listen((_, res) => res.end("the proxy"));
  const { port } = await listen((_, res) => res.end("the host"));
  const script = `import { guardedRequest } from "#channels/http/guarded-request.ts";
    const rules = { allowPrivateHosts: true, extraPorts: [${port}] };
    const call = { method: "GET", url: "http://127.0.0.1:${port}/", headers: {}, timeoutMs: 5000 };
    console.log(JSON.stringify(await guardedRequest(call, { rules })));`;
  const address = `http://127.0.0.1:${proxy.port}`;
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: address,
    http_proxy: address,
    HTTPS_PROXY: address,
    NO_PROXY: "",
    no_proxy: "",
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
    cwd: `${import.meta.dirname}/../..`,
  });
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "answered", body: "the host" });
  expect(proxy.heard).toEqual([]);
});
