using System;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// Which files of a process this kernel has at all (smaps, environ and others depend on how it was built). Only where one
/// cannot be found is it looked for among our own files, once: so a file that no process has is told from a process that is gone.
/// </summary>
/// <param name="procfd">The open <c>/proc</c>.</param>
internal sealed class KernelFiles(int procfd)
{
    private readonly byte[] _path = new byte[ProcPath.MaxLength];
    private uint _known;
    private uint _lacking;

    /// <summary>Whether the file is known to be lacking, so that opening it is a waste.</summary>
    /// <param name="number">The caller's number for it, below 32.</param>
    internal bool Lacks(int number) => (_lacking & (1u << number)) != 0;

    /// <summary>Whether no process of this kernel has a file.</summary>
    /// <param name="number">The caller's number for it, below 32.</param>
    /// <param name="name">Its name below <c>/proc/[pid]</c>.</param>
    internal bool Lacks(int number, ReadOnlySpan<byte> name)
    {
        uint bit = 1u << number;
        if ((_known & bit) == 0)
        {
            _known |= bit;
            if (Exists("stat"u8) && !Exists(name))
            {
                _lacking |= bit;
            }
        }

        return (_lacking & bit) != 0;
    }

    private bool Exists(ReadOnlySpan<byte> name)
    {
        ProcPath path = new(_path);
        return ProcFile.TryStat(procfd, path.Add("self/"u8).Add(name).End(), out _);
    }
}
