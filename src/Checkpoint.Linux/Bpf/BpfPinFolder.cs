using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// A folder in a BPF file system, held by a descriptor, so that all that is done in it is done in this one, whatever takes
/// its place. That file system lets everybody make folders and links; only a folder of root's, closed to others, is opened.
/// </summary>
internal sealed unsafe class BpfPinFolder : IDisposable
{
    private const uint FolderMode = 0x1c0; // 0700
    private const uint OthersMode = 0x3f;

    private readonly SafeFileHandle _handle;
    private readonly string _shownAs;

    private BpfPinFolder(SafeFileHandle handle, string shownAs)
    {
        _handle = handle;
        _shownAs = shownAs;
    }

    /// <summary>Names of the folders in it, sorted.</summary>
    /// <exception cref="KernelException">It cannot be read.</exception>
    internal IReadOnlyList<string> Names
    {
        get
        {
            List<string> names = [];
            try
            {
                foreach (string path in Directory.EnumerateFileSystemEntries(PathOf("")))
                {
                    names.Add(Path.GetFileName(path));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KernelException("read", _shownAs, Errno.EACCES);
            }

            names.Sort(StringComparer.Ordinal);
            return names;
        }
    }

    private int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Opens a folder.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>The folder; null: there is none.</returns>
    /// <exception cref="KernelException">EACCES: it may not be read. EEXIST: it is not root's alone. ENOTDIR: it is no folder.</exception>
    internal static BpfPinFolder? TryOpen(string path) => TryOpen(path, path);

    /// <summary>Creates a folder that is root's alone.</summary>
    /// <param name="path">Where.</param>
    /// <param name="shownAs">What messages call it.</param>
    /// <returns>Whether it was not there before.</returns>
    /// <exception cref="KernelException">It cannot be created.</exception>
    internal static bool Create(string path, string shownAs)
    {
        fixed (byte* name = Bytes(path))
        {
            // SAFETY: the path is pinned and NUL-terminated.
            int errno = Libc.mkdir(name, FolderMode) == 0 ? 0 : Marshal.GetLastPInvokeError();
            return errno is 0 or Errno.EEXIST ? errno == 0 : throw new KernelException("create", shownAs, errno);
        }
    }

    /// <summary>Keeps other processes from locking it, until this object is disposed.</summary>
    /// <param name="wait">Whether to wait for those who have it.</param>
    /// <returns>Whether it is locked.</returns>
    internal bool Lock(bool wait)
    {
        while (Libc.flock(Descriptor, Libc.LOCK_EX | (wait ? 0 : Libc.LOCK_NB)) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it is still what lies at a path.</summary>
    internal bool IsAt(string path) =>
        ProcFile.TryStat(Descriptor, ".\0"u8, out Statx own) && ProcFile.TryStat(Libc.AT_FDCWD, Bytes(path), out Statx there)
        && own.StxIno == there.StxIno && own.StxDevMajor == there.StxDevMajor && own.StxDevMinor == there.StxDevMinor;

    /// <summary>A path that leads to something in this folder, even when the folder has been moved.</summary>
    internal string PathOf(string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Descriptor}/{name}");

    /// <summary>Opens a folder in it.</summary>
    /// <inheritdoc cref="TryOpen(string)"/>
    internal BpfPinFolder? TryOpenFolder(string name) => TryOpen(PathOf(name), Path.Combine(_shownAs, name));

    /// <summary>Creates an empty folder in it.</summary>
    /// <exception cref="KernelException">It cannot be created.</exception>
    internal BpfPinFolder CreateFolder(string name) =>
        Create(PathOf(name), Path.Combine(_shownAs, name)) && TryOpenFolder(name) is { } folder
            ? folder : throw new KernelException("create", Path.Combine(_shownAs, name), Errno.EEXIST);

    /// <summary>Gives a folder in it another name, at once.</summary>
    /// <exception cref="KernelException">It keeps its name.</exception>
    internal void Rename(string from, string to)
    {
        if (Libc.renameat(Descriptor, from, Descriptor, to) != 0)
        {
            throw new KernelException("create", Path.Combine(_shownAs, to), Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Removes something in it, and what is in that.</summary>
    /// <exception cref="KernelException">It stays.</exception>
    internal void Delete(string name)
    {
        // What is no folder of root's, alone, was not made here, but nobody else can have put it here either.
        if (Libc.unlinkat(Descriptor, name, 0) == 0)
        {
            return;
        }

        using (BpfPinFolder? folder = TryOpenFolder(name))
        {
            foreach (string inner in folder?.Names ?? [])
            {
                folder!.Delete(inner);
            }
        }

        if (Libc.unlinkat(Descriptor, name, Libc.AT_REMOVEDIR) != 0 && Marshal.GetLastPInvokeError() is not Errno.ENOENT and int errno)
        {
            throw new KernelException("remove", Path.Combine(_shownAs, name), errno);
        }
    }

    /// <summary>Pins a program or map in it: root's alone (0600), as the kernel makes it.</summary>
    /// <exception cref="KernelException">It cannot be pinned.</exception>
    internal void Pin(SafeFileHandle what, string name)
    {
        const uint PinMode = 0x180;
        fixed (byte* path = Bytes(PathOf(name)))
        {
            BpfAttr pin = new() { Pathname = (ulong)path, BpfFd = (int)what.DangerousGetHandle() };
            // SAFETY: the path is pinned and NUL-terminated.
            int result = Libc.Bpf(Libc.BPF_OBJ_PIN, &pin);
            int errno = result < 0 ? -result : Libc.chmod(path, PinMode) == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (errno != 0)
            {
                throw new KernelException("pin", Path.Combine(_shownAs, name), errno);
            }
        }
    }

    /// <summary>Opens what is pinned in it.</summary>
    /// <exception cref="KernelException">ENOENT: there is nothing. EPERM: bpf(2) is not permitted.</exception>
    internal SafeFileHandle Get(string name)
    {
        fixed (byte* path = Bytes(PathOf(name)))
        {
            BpfAttr get = new() { Pathname = (ulong)path };
            // SAFETY: the path is pinned and NUL-terminated.
            int fd = Libc.Bpf(Libc.BPF_OBJ_GET, &get);
            return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new KernelException("open", Path.Combine(_shownAs, name), -fd);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static BpfPinFolder? TryOpen(string path, string shownAs)
    {
        int fd = ProcFile.Open(Libc.AT_FDCWD, Bytes(path), Libc.O_DIRECTORY | Libc.O_NOFOLLOW);
        if (fd < 0)
        {
            return fd == -Errno.ENOENT ? null : throw new KernelException("open", shownAs, -fd);
        }

        BpfPinFolder folder = new(new SafeFileHandle(fd, ownsHandle: true), shownAs);
        if (ProcFile.TryStat(fd, ".\0"u8, out Statx found) && found.StxUid == 0 && (found.StxMode & OthersMode) == 0)
        {
            return folder;
        }

        folder.Dispose();
        throw new KernelException("use", $"{shownAs}, which is not root's alone", Errno.EEXIST);
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");
}
