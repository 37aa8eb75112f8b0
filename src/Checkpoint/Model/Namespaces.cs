namespace Checkpoint.Model;

/// <summary>The namespaces a process lives in, as inode numbers of <c>/proc/[pid]/ns/*</c>; 0 = not known.</summary>
/// <param name="Cgroup">Cgroup namespace.</param>
/// <param name="Ipc">IPC namespace.</param>
/// <param name="Mnt">Mount namespace.</param>
/// <param name="Net">Network namespace.</param>
/// <param name="Pid">PID namespace.</param>
/// <param name="Time">Time namespace.</param>
/// <param name="User">User namespace.</param>
/// <param name="Uts">UTS namespace.</param>
public readonly record struct Namespaces(
    ulong Cgroup, ulong Ipc, ulong Mnt, ulong Net, ulong Pid, ulong Time, ulong User, ulong Uts);
