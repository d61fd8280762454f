/**
 * Settings for one small machine that also runs the server. They are given on the command line at each start, so that data
 * folders of an earlier version get the present values too.
 */
export function postgresSettings(port: number, more: Record<string, string>): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // No socket, because no other program needs one, and a long data path would exceed the 107 bytes of a socket's path.
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "256MB",
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    effective_cache_size: "1GB",
    // An accepted send must survive a power failure. The cost of that is kept low by few commits, not by this setting.
    synchronous_commit: "on",
    // Enrolling 100,000 contacts writes a few hundred MB of WAL; with the default 1 GB that forces a checkpoint midway.
    max_wal_size: "4GB",
    wal_compression: "on",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    // Our statements are short, and compiling one takes longer than running it.
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
