using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Reads build IDs of mapped files, one process at a time: from the process's memory, else by the ioctl, which has the kernel
/// read the file and is therefore only used for a regular file of a local file system. No file is ever opened.
/// </summary>
/// <param name="own">A walk of its own, over <c>maps</c>.</param>
/// <param name="mounts">Tells file systems apart.</param>
internal sealed class BuildIdReader(VmaWalk own, MountTable mounts) : IDisposable
{
    private readonly TargetMemory _memory = new();
    private readonly byte[] _maps = new byte[ProcPath.MaxLength];
    private int _mapsLength;
    private int _directory = -1;
    private bool _opened;

    /// <summary>Starts on another process; nothing of it is opened until it is asked.</summary>
    /// <param name="directory">Its directory, which stays open meanwhile.</param>
    /// <param name="maps">Its <c>maps</c>, or that of one of its threads, NUL-terminated.</param>
    internal void Start(int directory, ReadOnlySpan<byte> maps)
    {
        Stop();
        _directory = directory;
        maps.CopyTo(_maps);
        _mapsLength = maps.Length;
    }

    /// <summary>Ends with this process.</summary>
    internal void Stop()
    {
        if (_opened)
        {
            own.Close();
            _memory.Close();
            _opened = false;
        }
    }

    /// <summary>Reads the build ID of the file that a VMA maps.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="name">Its name.</param>
    /// <param name="id">At least <see cref="ElfBuildId.MaxLength"/> bytes.</param>
    /// <returns>Its length, 0 when the file has none, or a negative errno when that is not known.</returns>
    internal int Read(in TaskDiagVma vma, ReadOnlySpan<byte> name, Span<byte> id)
    {
        int error = Find(vma);
        if (error < 0)
        {
            return error;
        }

        int length = _memory.ReadBuildId(vma, id);
        if (length >= 0 || !own.AnswersBuildIds || !mounts.IsLocal(_directory, vma.Major, vma.Minor)
            || !TargetFile.IsRegular(_directory, vma, name))
        {
            return length;
        }

        return own.AskBuildId(id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        own.Dispose();
    }

    /// <summary>
    /// Finds the VMA again. The memory is opened first: if the process has executed another program since its list was
    /// opened, either the VMA is not found, or the memory is that of before and says nothing any more.
    /// </summary>
    private int Find(in TaskDiagVma vma)
    {
        if (!_opened)
        {
            _opened = true;
            Span<byte> room = stackalloc byte[2 * ProcPath.MaxLength];
            _memory.Open(_directory, Beside("mem"u8, room[..ProcPath.MaxLength]), Beside("pagemap"u8, room[ProcPath.MaxLength..]));
        }

        int error = own.IsOpen && vma.Start >= own.Found.Start ? 0 : own.Open(_directory, _maps.AsSpan(0, _mapsLength));
        int found = error < 0 ? error : own.Find(vma.Start, vma.End);
        TaskDiagVma now = own.Found;
        return found < 0 ? found
            : found == 1 && now.Inode == vma.Inode && now.Major == vma.Major && now.Minor == vma.Minor && now.Offset == vma.Offset ? 0
            : -Errno.ESRCH;
    }

    private ReadOnlySpan<byte> Beside(ReadOnlySpan<byte> file, Span<byte> room) =>
        new ProcPath(room).Add(_maps.AsSpan(0, _mapsLength - "maps\0".Length)).Add(file).End();
}
