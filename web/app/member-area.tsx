import { SessionGate } from "#web/features/session/session-gate.tsx";
import { Layout } from "./layout.tsx";

export function MemberArea() {
  return (
    <SessionGate>
      <Layout />
    </SessionGate>
  );
}
