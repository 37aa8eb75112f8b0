using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux;

/// <summary>
/// A file that appears under its name whole and synced, or not at all: until <see cref="Commit"/> it has no name
/// (O_TMPFILE), so that even SIGKILL leaves nothing. File systems without unnamed files get a hidden temporary name.
/// A device or FIFO is written straight to, since it cannot be replaced.
/// </summary>
public sealed class AtomicOutput : IDisposable
{
    private const uint OwnerReadWrite = 0x180; // 0600: an image can hold secrets of its processes.
    private const int MaxNameTries = 100;

    private readonly string _path;
    private readonly string _name;
    private readonly bool _overwrite;
    private readonly SafeFileHandle? _folder;
    private readonly SafeFileHandle _file;
    private string? _temporaryName;
    private bool _committed;

    private AtomicOutput(string path, string name, bool overwrite, SafeFileHandle? folder, SafeFileHandle file, string? temporaryName)
    {
        _path = path;
        _name = name;
        _overwrite = overwrite;
        _folder = folder;
        _file = file;
        _temporaryName = temporaryName;
        Stream = new OutputStream(file, path);
    }

    /// <summary>Where to write; unbuffered, closed by <see cref="Dispose"/>.</summary>
    public Stream Stream { get; }

    /// <summary>Opens an output, and refuses at once what could not be put into place later.</summary>
    /// <param name="path">The file, device or FIFO. A symbolic link stands for its target.</param>
    /// <param name="overwrite">Whether a file of that name is replaced.</param>
    /// <returns>The output; nothing is visible until <see cref="Commit"/>.</returns>
    /// <exception cref="OutputException">
    /// EEXIST without <paramref name="overwrite"/>, EISDIR, ENOENT or ENOTDIR for the folder, EACCES, EROFS, ENOSPC…
    /// </exception>
    public static AtomicOutput Create(string path, bool overwrite) => Create(path, overwrite, allowUnnamed: true);

    /// <summary>As <see cref="Create(string, bool)"/>; a test can ask for the way of file systems without O_TMPFILE.</summary>
    internal static AtomicOutput Create(string path, bool overwrite, bool allowUnnamed)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = path;
        int errno = Libc.ModeOf(path, followLink: true, out uint mode);
        if (errno == 0)
        {
            uint type = mode & Libc.S_IFMT;
            if (type == Libc.S_IFDIR)
            {
                throw new OutputException("write", path, Errno.EISDIR);
            }

            if (type != Libc.S_IFREG)
            {
                return OpenStraight(path);
            }

            if (!overwrite)
            {
                throw new OutputException("create", path, Errno.EEXIST);
            }

            target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        else if (errno != Errno.ENOENT)
        {
            throw new OutputException("create", path, errno);
        }
        else if (!overwrite && Libc.ModeOf(path, followLink: false, out _) == 0)
        {
            // A dangling link: linkat would refuse it too, but only after all the work.
            throw new OutputException("create", path, Errno.EEXIST);
        }

        string name = Path.GetFileName(target);
        if (name.Length == 0)
        {
            throw new OutputException("write", path, Errno.EISDIR);
        }

        string folderPath = Path.GetDirectoryName(target) is { Length: > 0 } folderName ? folderName : ".";
        SafeFileHandle folder = OpenFolder(folderPath, path);
        try
        {
            SafeFileHandle? file = allowUnnamed ? OpenUnnamed(folder, path) : null;
            string? temporaryName = null;
            if (file is null)
            {
                (file, temporaryName) = OpenTemporary(folder, name, path);
            }

            return new AtomicOutput(path, name, overwrite, folder, file, temporaryName);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Syncs the file and puts it under its name.</summary>
    /// <exception cref="OutputException">It could not be synced or named; nothing is left behind after <see cref="Dispose"/>.</exception>
    /// <exception cref="InvalidOperationException">Called twice.</exception>
    public void Commit()
    {
        if (_committed)
        {
            throw new InvalidOperationException("the output is already in place");
        }

        if (_folder is null)
        {
            _committed = true;
            return;
        }

        Check(Libc.fsync(Descriptor(_file)), "sync");
        int folder = Descriptor(_folder);
        if (_temporaryName is null && !_overwrite)
        {
            Check(LinkUnnamed(_name), "create");
        }
        else if (_temporaryName is null)
        {
            Replace(folder);
        }
        else if (_overwrite)
        {
            Check(Libc.renameat(folder, _temporaryName, folder, _name), "replace");
            _temporaryName = null;
        }
        else
        {
            // link, unlike rename, refuses a name that someone took meanwhile.
            Check(Libc.linkat(folder, _temporaryName, folder, _name, 0), "create");
            RemoveTemporary();
        }

        _committed = true;

        // The file is complete under its name: a folder that cannot be synced (not readable, FUSE…) loses it in a power cut only.
        _ = Libc.fsync(folder);
    }

    /// <summary>Puts the unnamed file in the place of what may be there.</summary>
    private void Replace(int folder)
    {
        if (LinkUnnamed(_name) == 0)
        {
            return;
        }

        // No call replaces a name by an unnamed file, so it takes two, and a SIGKILL between them leaves the first one's name.
        // This one fails, and has the runtime bind renameat beforehand: then only microseconds lie between.
        _ = Libc.renameat(folder, "", folder, "");
        _temporaryName = FreeName(LinkUnnamed);
        Check(Libc.renameat(folder, _temporaryName, folder, _name), "replace");
        _temporaryName = null;
    }

    /// <summary>Closes the output and, unless it was committed, removes every trace of it.</summary>
    public void Dispose()
    {
        RemoveTemporary();
        Stream.Dispose();
        _file.Dispose();
        _folder?.Dispose();
    }

    private static AtomicOutput OpenStraight(string path)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        int fd = Retry(() => Libc.openat(Libc.AT_FDCWD, path, Flags, 0));
        return fd >= 0
            ? new AtomicOutput(path, path, overwrite: true, folder: null, Owned(fd), temporaryName: null)
            : throw new OutputException("open", path, Marshal.GetLastPInvokeError());
    }

    private static SafeFileHandle OpenFolder(string folder, string path)
    {
        int flags = Libc.O_DIRECTORY | Libc.O_CLOEXEC;
        int fd = Retry(() => Libc.openat(Libc.AT_FDCWD, folder, flags, 0));
        if (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EACCES)
        {
            fd = Retry(() => Libc.openat(Libc.AT_FDCWD, folder, flags | Libc.O_PATH, 0));
        }

        return fd >= 0 ? Owned(fd) : throw new OutputException("create", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Null when the file system has no unnamed files: EOPNOTSUPP; EISDIR or EINVAL from older kernels and network file systems.</summary>
    private static SafeFileHandle? OpenUnnamed(SafeFileHandle folder, string path)
    {
        int flags = Libc.O_TMPFILE | Libc.O_WRONLY | Libc.O_CLOEXEC;
        int fd = Retry(() => Libc.openat(Descriptor(folder), ".", flags, OwnerReadWrite));
        if (fd >= 0)
        {
            return Owned(fd);
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL ? null : throw new OutputException("create", path, errno);
    }

    private static (SafeFileHandle File, string Name) OpenTemporary(SafeFileHandle folder, string name, string path)
    {
        const int Flags = Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY | Libc.O_CLOEXEC;
        for (int attempt = 0; ; attempt++)
        {
            string temporary = TemporaryName(name, attempt);
            int fd = Retry(() => Libc.openat(Descriptor(folder), temporary, Flags, OwnerReadWrite));
            if (fd >= 0)
            {
                return (Owned(fd), temporary);
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EEXIST || attempt == MaxNameTries)
            {
                throw new OutputException("create", path, errno);
            }
        }
    }

    /// <summary>The name is shortened, since a file name may have 255 bytes at the most.</summary>
    private static string TemporaryName(string name, int attempt)
    {
        string start = name.Length > 40 ? name[..40] : name;
        string count = attempt == 0 ? "" : "." + attempt.ToString(CultureInfo.InvariantCulture);
        return $".{start}.{Environment.ProcessId}{count}.tmp";
    }

    private string FreeName(Func<string, int> link)
    {
        for (int attempt = 0; ; attempt++)
        {
            string temporary = TemporaryName(_name, attempt);
            if (link(temporary) == 0)
            {
                return temporary;
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EEXIST || attempt == MaxNameTries)
            {
                throw new OutputException("create", _path, errno);
            }
        }
    }

    private int LinkUnnamed(string name) => Libc.linkat(
        Libc.AT_FDCWD, $"/proc/self/fd/{Descriptor(_file)}", Descriptor(_folder!), name, Libc.AT_SYMLINK_FOLLOW);

    private void RemoveTemporary()
    {
        if (_temporaryName is not null && _folder is not null)
        {
            _ = Libc.unlinkat(Descriptor(_folder), _temporaryName, 0);
            _temporaryName = null;
        }
    }

    private void Check(int result, string operation)
    {
        if (result != 0)
        {
            throw new OutputException(operation, _path, Marshal.GetLastPInvokeError());
        }
    }

    private static int Retry(Func<int> call)
    {
        int result;
        do
        {
            result = call();
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        return result;
    }

    private static SafeFileHandle Owned(int fd) => new(fd, ownsHandle: true);

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
