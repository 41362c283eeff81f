/**
 * Loaded into the processes that the demo starts (`--import`): the IPC channel to the demo is closed when that ends,
 * however it does, by SIGKILL too. Nothing then remains to stop them, so they do it.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening must not keep a process alive that has nothing else to do.
process.channel?.unref();
