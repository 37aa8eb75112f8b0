using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux;

/// <summary>
/// Where an output goes: a name in a folder that stays open, and what bears that name now. A symbolic link stands for its
/// target, but only if root or the caller made it: in a folder where others may write, a link may be a trap.
/// </summary>
internal sealed class OutputPlace : IDisposable
{
    private const int MaxLinks = 40;

    private readonly string _path;

    private OutputPlace(string path) => _path = path;

    /// <summary>The folder; closed with this.</summary>
    internal SafeFileHandle? Folder { get; private set; }

    /// <summary>The name in it, NUL-terminated.</summary>
    internal byte[] Name { get; private set; } = [];

    /// <summary>What bears the name; its mode is 0 when there is nothing.</summary>
    internal Statx Found { get; private set; }

    /// <summary>The kind of what is there, S_IF*; 0 = nothing.</summary>
    internal uint Kind => Found.StxMode & Libc.S_IFMT;

    /// <summary>Whether the path leads over a symbolic link.</summary>
    internal bool ByLink { get; private set; }

    /// <summary>A copy of the descriptor of ours that the path names, such as /dev/stdout or /dev/fd/3; else null.</summary>
    internal SafeFileHandle? Descriptor { get; private set; }

    /// <summary>Finds the place.</summary>
    /// <param name="path">As the caller named it.</param>
    /// <exception cref="OutputException">The folder is not there or may not be entered, a link is another user's…</exception>
    internal static OutputPlace Find(string path)
    {
        OutputPlace place = new(path);
        try
        {
            place.Follow(FileName.Bytes(path));
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder?.Dispose();
        Descriptor?.Dispose();
    }

    /// <summary>Opens what is there and cannot be replaced (a device, a FIFO), if it still is what was found.</summary>
    /// <returns>The file, for writing.</returns>
    /// <exception cref="OutputException">It is somebody else's FIFO, is refused, or has changed meanwhile.</exception>
    internal SafeFileHandle OpenStraight()
    {
        // Only root makes devices; a FIFO or socket of others would bring the content to them.
        if (Kind is Libc.S_IFIFO or Libc.S_IFSOCK && !IsTrusted(Found.StxUid))
        {
            throw new OutputException("write to another user's FIFO or socket", _path, Errno.EPERM);
        }

        int fd = ProcFile.Open(Fd(Folder!), Name, Libc.O_WRONLY | Libc.O_NOCTTY | Libc.O_NOFOLLOW);
        if (fd < 0)
        {
            throw new OutputException("open", _path, -fd);
        }

        SafeFileHandle file = new(fd, ownsHandle: true);
        Statx before = Found;
        if (Libc.StatOf(fd, out Statx now) == 0 && now.StxMode == before.StxMode && now.StxUid == before.StxUid && now.StxIno == before.StxIno
            && now.StxDevMajor == before.StxDevMajor && now.StxDevMinor == before.StxDevMinor)
        {
            return file;
        }

        // Nothing was written: what is open now is something else, put there since.
        file.Dispose();
        throw new OutputException("open", _path, Errno.EAGAIN);
    }

    private void Follow(byte[] path)
    {
        if (path.AsSpan().Contains((byte)0))
        {
            throw new OutputException("create", _path, Errno.ENOENT);
        }

        for (int links = 0; !TryOwnDescriptor(path); links++)
        {
            Enter(path);
            int fd = ProcFile.Open(Fd(Folder!), Name, Libc.O_PATH | Libc.O_NOFOLLOW);
            if (fd == -Errno.ENOENT)
            {
                Found = default;
                return;
            }

            if (fd < 0)
            {
                throw new OutputException("create", _path, -fd);
            }

            using SafeFileHandle there = new(fd, ownsHandle: true);
            int errno = Libc.StatOf(fd, out Statx found);
            Found = found;
            if (errno != 0)
            {
                throw new OutputException("create", _path, errno);
            }

            if (Kind != Libc.S_IFLNK)
            {
                return;
            }

            path = Target(fd, links);
            ByLink = true;
        }
    }

    /// <summary>Opens the folder of a path, which counts from the folder before, and takes the rest as name.</summary>
    private void Enter(ReadOnlySpan<byte> path)
    {
        int slash = path.LastIndexOf((byte)'/');
        if (slash == path.Length - 1)
        {
            throw new OutputException("write", _path, path.IsEmpty ? Errno.ENOENT : Errno.EISDIR);
        }

        Name = [.. path[(slash + 1)..], 0];
        if (slash < 0 && Folder is not null)
        {
            return;
        }

        byte[] folder = slash < 0 ? [(byte)'.', 0] : [.. path[..Math.Max(slash, 1)], 0];
        int from = Folder is null ? Libc.AT_FDCWD : Fd(Folder);
        int fd = ProcFile.Open(from, folder, Libc.O_DIRECTORY);
        if (fd == -Errno.EACCES)
        {
            // A folder that may be written to and entered, but not listed.
            fd = ProcFile.Open(from, folder, Libc.O_DIRECTORY | Libc.O_PATH);
        }

        if (fd < 0)
        {
            throw new OutputException("create", _path, -fd);
        }

        Folder?.Dispose();
        Folder = new SafeFileHandle(fd, ownsHandle: true);
    }

    private byte[] Target(int link, int links)
    {
        if (links == MaxLinks)
        {
            throw new OutputException("create", _path, Errno.ELOOP);
        }

        if (!IsTrusted(Found.StxUid))
        {
            throw new OutputException("follow another user's symbolic link", _path, Errno.EPERM);
        }

        byte[] text = new byte[4096];
        int length = ProcFile.ReadLink(link, "\0"u8, text);
        return length >= 0 ? text[..length] : throw new OutputException("follow", _path, -length);
    }

    /// <summary>
    /// A path that names a descriptor of ours means that one, as in a shell: opened anew, a file would be written from its
    /// start, and a socket or another user's pipe would be refused. The runtime's own descriptors are nobody's output.
    /// </summary>
    private bool TryOwnDescriptor(ReadOnlySpan<byte> path)
    {
        int number = path.SequenceEqual("/dev/stdout"u8) ? 1 : path.SequenceEqual("/dev/stderr"u8) ? 2 : -1;
        foreach (byte[] folder in (ReadOnlySpan<byte[]>)["/dev/fd/"u8.ToArray(), "/proc/self/fd/"u8.ToArray()])
        {
            if (path.StartsWith(folder) && System.Buffers.Text.Utf8Parser.TryParse(path[folder.Length..], out int parsed, out int used)
                && used == path.Length - folder.Length)
            {
                number = parsed;
            }
        }

        if (number < 0)
        {
            return false;
        }

        int fd = ProcessSetup.IsInherited(number) ? Libc.fcntl(number, Libc.F_DUPFD_CLOEXEC, 3) : -1;
        Descriptor = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new OutputException("open", _path, Errno.EBADF);
        return true;
    }

    private static bool IsTrusted(uint owner) => owner == 0 || owner == Libc.geteuid();

    private static int Fd(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
