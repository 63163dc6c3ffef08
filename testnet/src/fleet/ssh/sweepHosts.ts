import type { PlaceRecord } from "../registry.ts";
import { provision } from "./provision.ts";
import { sweepCommand } from "./sshRunner.ts";
import { SshSession } from "./sshSession.ts";

/**
 * Ends what a testnet has on its hosts; answers with how many processes there were.
 * @throws InputError naming a host that does not answer
 */
export async function sweepHosts({ folder, hosts }: Extract<PlaceRecord, { kind: "ssh" }>): Promise<number> {
  const used = hosts.filter(({ gateway }) => !gateway);
  const counts = await Promise.all(
    used.map(async (host) => {
      const session = await SshSession.open(host, hosts);
      try {
        const agent = await provision(session, () => {});
        const said = await session.must(sweepCommand(agent, `${host.dir}/${folder}`, host), "clearing up");
        return (JSON.parse(said) as { processes: number }).processes;
      } finally {
        session.close();
      }
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
