using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux;

/// <summary>
/// A file that appears under its name whole and synced, or not at all: until <see cref="Commit"/> it has no name
/// (O_TMPFILE), so that even SIGKILL leaves nothing. File systems without unnamed files get a hidden temporary name.
/// A device, a FIFO or a descriptor of the caller's is written straight to, since it cannot be replaced.
/// </summary>
public sealed class AtomicOutput : IDisposable
{
    private readonly string _path;
    private readonly byte[] _name;
    private readonly bool _overwrite;
    private readonly SafeFileHandle? _folder;
    private SafeFileHandle _file;
    private volatile byte[]? _temporaryName;
    private volatile bool _placed;
    private bool _committed;

    private AtomicOutput(string path, byte[] name, bool overwrite, SafeFileHandle? folder, SafeFileHandle file, byte[]? temporaryName)
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

    /// <summary>Whether the file bears its name.</summary>
    public bool IsPlaced => _placed;

    /// <summary>Opens an output, and refuses at once what could not be put into place later.</summary>
    /// <param name="path">
    /// The file, device or FIFO; bytes that are not UTF-8 as <see cref="FileName"/> has them. A symbolic link of root's or the
    /// caller's own stands for its target; /dev/stdout and /dev/fd/N are the descriptors that the caller handed over.
    /// </param>
    /// <param name="overwrite">Whether a file of that name is replaced.</param>
    /// <returns>The output; nothing is visible until <see cref="Commit"/>.</returns>
    /// <exception cref="OutputException">
    /// EEXIST without <paramref name="overwrite"/>, EISDIR, ENOENT or ENOTDIR for the folder, EACCES, EROFS, ENOSPC; EPERM for
    /// a link or FIFO of another user…
    /// </exception>
    public static AtomicOutput Create(string path, bool overwrite) => Create(path, overwrite, allowUnnamed: true);

    /// <summary>As <see cref="Create(string, bool)"/>; a test can ask for the way of file systems without O_TMPFILE.</summary>
    internal static AtomicOutput Create(string path, bool overwrite, bool allowUnnamed)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OutputPlace place = OutputPlace.Find(path);
        try
        {
            if (place.Descriptor is { } own)
            {
                return new AtomicOutput(path, [], overwrite: true, folder: null, own, temporaryName: null);
            }

            switch (place.Kind)
            {
                case Libc.S_IFDIR:
                    throw new OutputException("write", path, Errno.EISDIR);
                case Libc.S_IFREG when !overwrite:
                case 0 when !overwrite && place.ByLink: // a dangling link
                    throw new OutputException("create", path, Errno.EEXIST);
                case Libc.S_IFREG or 0:
                    break;
                default:
                    SafeFileHandle straight = place.OpenStraight();
                    place.Dispose();
                    return new AtomicOutput(path, place.Name, overwrite: true, folder: null, straight, temporaryName: null);
            }

            SafeFileHandle? file = allowUnnamed ? UnfinishedFile.OpenUnnamed(place.Folder!, path) : null;
            byte[]? temporaryName = null;
            if (file is null)
            {
                (file, temporaryName) = UnfinishedFile.OpenTemporary(place.Folder!, place.Name, path);
            }

            return new AtomicOutput(path, place.Name, overwrite, place.Folder, file, temporaryName);
        }
        catch
        {
            place.Dispose();
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

        if (_folder is not null)
        {
            Check(Libc.fsync(Descriptor(_file)), "sync");
            if (_temporaryName is not null || !TryPlaceUnnamed())
            {
                Rename();
            }

            _placed = true;

            // The file is complete under its name: a folder that cannot be synced (not readable, FUSE…) loses it in a power cut only.
            _ = Libc.fsync(Descriptor(_folder));
        }

        _committed = true;
    }

    /// <summary>Removes the unfinished file's name, if it has one. Any thread may do so, at any time.</summary>
    public void Abandon()
    {
        if (_temporaryName is { } name && _folder is { IsClosed: false })
        {
            _ = Libc.unlinkat(Descriptor(_folder), name, 0);
            _temporaryName = null;
        }
    }

    /// <summary>Closes the output and, unless it was committed, removes every trace of it.</summary>
    public void Dispose()
    {
        Abandon();
        Stream.Dispose();
        _file.Dispose();
        _folder?.Dispose();
    }

    /// <summary>Links the unnamed file to its name; or, when it takes two calls to replace what is there, to a temporary one.</summary>
    /// <returns>Whether it bears its name; if not, a temporary one.</returns>
    private bool TryPlaceUnnamed()
    {
        int errno = LinkUnnamed(_name);
        if (errno == Errno.EEXIST && !_overwrite)
        {
            throw new OutputException("create", _path, errno);
        }

        if (errno == Errno.EEXIST)
        {
            // No call replaces a name by an unnamed file, so it takes two, and a SIGKILL between them leaves the first one's name.
            // This one fails, and has the runtime bind renameat beforehand: then only microseconds lie between.
            _ = Libc.renameat(Descriptor(_folder!), "\0"u8, Descriptor(_folder!), "\0"u8);
            for (int attempt = 0; errno == Errno.EEXIST && attempt <= UnfinishedFile.MaxNameTries; attempt++)
            {
                byte[] temporary = UnfinishedFile.TemporaryName(_name, attempt);
                errno = LinkUnnamed(temporary);
                _temporaryName = errno == 0 ? temporary : null;
            }
        }
        else if (errno == 0)
        {
            return true;
        }

        if (_temporaryName is null)
        {
            CopyToTemporary();
        }

        return false;
    }

    /// <summary>Gives the file that has a temporary name its own.</summary>
    private void Rename()
    {
        int folder = Descriptor(_folder!);
        byte[] temporary = _temporaryName!;
        if (_overwrite)
        {
            Check(Libc.renameat(folder, temporary, folder, _name), "replace");
            _temporaryName = null;
            return;
        }

        // Not every file system can refuse a name that someone took meanwhile; if not, link does; if there are no links
        // either, the name is taken first, by an empty file, which is then replaced.
        int errno = Libc.RenameNoReplace(folder, temporary, _name);
        if (errno is not (0 or Errno.EEXIST))
        {
            errno = ErrnoOf(Libc.linkat(folder, temporary, folder, _name, 0));
            if (errno is not (0 or Errno.EEXIST))
            {
                RenameOverOwn(folder, temporary);
            }
            else if (errno == 0)
            {
                Abandon();
            }
        }

        if (errno == Errno.EEXIST)
        {
            throw new OutputException("create", _path, errno);
        }

        _temporaryName = null;
    }

    private void RenameOverOwn(int folder, byte[] temporary)
    {
        int taken = ProcFile.Open(folder, _name, Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY);
        if (taken < 0)
        {
            throw new OutputException("create", _path, -taken);
        }

        _ = Libc.close(taken);
        int errno = ErrnoOf(Libc.renameat(folder, temporary, folder, _name));
        if (errno != 0)
        {
            _ = Libc.unlinkat(folder, _name, 0);
            throw new OutputException("create", _path, errno);
        }
    }

    /// <summary>
    /// Where an unnamed file cannot be linked (a file system without links; or no privilege to link a descriptor, and no
    /// <c>/proc</c> by which to name it): its content goes into a file with a temporary name.
    /// </summary>
    private void CopyToTemporary()
    {
        (SafeFileHandle copy, byte[] name) = UnfinishedFile.OpenTemporary(_folder!, _name, _path);
        _temporaryName = name;
        using SafeFileHandle unnamed = _file;
        _file = copy;
        OutputStream to = new(copy, _path);
        byte[] part = new byte[64 * 1024];
        for (long at = 0; ;)
        {
            int length = RandomAccess.Read(unnamed, part, at);
            if (length == 0)
            {
                break;
            }

            to.Write(part, 0, length);
            at += length;
        }

        Check(Libc.fsync(Descriptor(copy)), "sync");
    }

    private int LinkUnnamed(byte[] name)
    {
        int errno = ErrnoOf(Libc.linkat(Descriptor(_file), "\0"u8, Descriptor(_folder!), name, Libc.AT_EMPTY_PATH));
        return errno is 0 or Errno.EEXIST ? errno : ErrnoOf(Libc.linkat(
            Libc.AT_FDCWD, Encoding.ASCII.GetBytes($"/proc/self/fd/{Descriptor(_file)}\0"), Descriptor(_folder!), name, Libc.AT_SYMLINK_FOLLOW));
    }

    private void Check(int result, string operation)
    {
        if (result != 0)
        {
            throw new OutputException(operation, _path, Marshal.GetLastPInvokeError());
        }
    }

    private static int ErrnoOf(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
