import { createSocket } from "node:dgram";
import { once } from "node:events";

const types = { A: 1, MX: 15, TXT: 16 } as const;
type RecordType = keyof typeof types;

export interface DnsServer {
  /** For `Resolver.setServers`. */
  address: string;
  /** What stands where: `txt["_dmarc.salon.test"] = ["v=DMARC1; p=none"]`; MX as "10 mx.salon.test". A name without an entry does not exist. */
  records: Record<RecordType, Record<string, string[]>>;
  /** Names that get no answer at all, or the answer that something is broken. */
  silent: Set<string>;
  broken: Set<string>;
  /** Every question, as "TXT salon.test". */
  asked: string[];
  stop(): Promise<void>;
}

/** A name server on this machine that knows what a test tells it (RFC 1035, over UDP). */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const server: DnsServer = {
    address: "",
    records: { A: {}, MX: {}, TXT: {} },
    silent: new Set(),
    broken: new Set(),
    asked: [],
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on("message", (question, from) => {
    const { name, type, end } = readQuestion(question);
    const kind = (Object.keys(types) as RecordType[]).find((one) => types[one] === type);
    server.asked.push(`${kind ?? type} ${name}`);
    if (server.silent.has(name)) return;
    const values = (kind && server.records[kind][name]) ?? [];
    const exists = Object.values(server.records).some((of) => name in of);
    const code = server.broken.has(name) ? 2 : exists ? 0 : 3;
    const answers = code === 0 && kind ? values.map((value) => encodeAnswer(kind, value)) : [];
    const head = Buffer.alloc(12);
    question.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, question.subarray(12, end), ...answers]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  server.address = `127.0.0.1:${socket.address().port}`;
  return server;
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("ascii", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function encodeAnswer(kind: RecordType, value: string): Buffer {
  const data = encodeData(kind, value);
  const head = Buffer.alloc(12);
  // The name is the one that was asked for.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(types[kind], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodeData(kind: RecordType, value: string): Buffer {
  switch (kind) {
    case "A":
      return Buffer.from(value.split(".").map(Number));
    case "TXT": {
      const bytes = Buffer.from(value);
      const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / 255)) }, (_, n) => bytes.subarray(n * 255, (n + 1) * 255));
      return Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part]));
    }
    case "MX": {
      const [priority = "0", exchange = "."] = value.split(" ");
      const labels = exchange.split(".").filter((label) => label !== "");
      const name = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
      return Buffer.concat([Buffer.from([0, Number(priority)]), ...name, Buffer.from([0])]);
    }
  }
}
