/**
 * Settings for one small machine that also runs the server: given on the command line at each start, so that data
 * folders made by an earlier version get today's values too.
 */
export function postgresSettings(port: number, more: Record<string, string>): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // Nothing else on this machine should find a socket, and a long data path would exceed a socket's 107 bytes.
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "256MB",
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    effective_cache_size: "1GB",
    // An accepted send must survive the power plug. What is slow about that is the number of commits, not this.
    synchronous_commit: "on",
    // Enrolling 100,000 contacts writes a few hundred MB of WAL; with the default 1 GB that forces a checkpoint midway.
    max_wal_size: "4GB",
    wal_compression: "on",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    // Our statements are short; compiling one costs more than running it.
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    log_line_prefix: "%m [%p] ",
    log_checkpoints: "off",
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
