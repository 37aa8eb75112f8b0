using System;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Transports;

/// <content>Below which directory a file is read.</content>
internal sealed partial class ProcfsTask
{
    /// <summary>Path of a file of this task alone.</summary>
    private ReadOnlySpan<byte> OwnPath(ReadOnlySpan<byte> name) => Path(_cursor.PerThread ? _tid : 0, name);

    /// <summary>Path of a file about what the threads share: below a living thread when the leader is a zombie.</summary>
    private ReadOnlySpan<byte> SharedPath(ReadOnlySpan<byte> name) => Path(_shared, name);

    private ReadOnlySpan<byte> Path(int thread, ReadOnlySpan<byte> name)
    {
        ProcPath path = new(_path);
        if (_cursor.DirectPid != 0)
        {
            path.Add(_cursor.DirectPid).Add("/"u8);
        }

        if (thread != 0)
        {
            path.Add("task/"u8).Add(thread).Add("/"u8);
        }

        return path.Add(name).End();
    }
}
