using System;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// Programs that stay in the kernel between runs, pinned below <c>/sys/fs/bpf/ckpt</c>: a folder for each build, named after
/// its version and its programs' digest, so that one build never runs another's.
/// </summary>
public static unsafe class BpfPins
{
    /// <summary>The BPF file system.</summary>
    public const string FileSystem = "/sys/fs/bpf";

    /// <summary>Where the programs are.</summary>
    public const string Folder = FileSystem + "/ckpt";

    private const string ProgramName = "program";
    private const string SlotsName = "slots";

    // What is being put together; no build has such a name.
    private const string Unfinished = "unfinished";

    /// <summary>This build's version.</summary>
    public static string OwnVersion { get; } = typeof(BpfPins).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The digest of this build's programs, 16 hexadecimal digits.</summary>
    public static string OwnDigest { get; } = BpfLoader.Digest.ToString("x16", CultureInfo.InvariantCulture);

    // Dots are not allowed in a bpf file system.
    private static string OwnName => $"{OwnVersion.Replace('.', '_')}-{OwnDigest}";

    /// <summary>Whether there is a file system to pin in.</summary>
    /// <returns>0; ENODEV: something else, or nothing, is mounted there; or why it cannot be told.</returns>
    public static int FileSystemErrno()
    {
        // Four times what the kernel writes.
        long* answer = stackalloc long[64];
        fixed (byte* path = Encoding.UTF8.GetBytes(FileSystem + "\0"))
        {
            // SAFETY: the path is pinned and NUL-terminated; the buffer is large enough.
            return Libc.statfs(path, answer) != 0 ? Marshal.GetLastPInvokeError()
                : (answer[0] & uint.MaxValue) == Libc.BPF_FS_MAGIC ? 0
                : Errno.ENODEV;
        }
    }

    /// <summary>Loads and pins the programs. What was pinned before goes when all is ready; cut short, this leaves nothing that is used.</summary>
    /// <exception cref="KernelException">They cannot be loaded or pinned.</exception>
    public static void Install()
    {
        string? refusal = BpfAccess.Refusal() ?? (Libc.geteuid() == 0 ? null : "only root's are used");
        if (refusal is not null)
        {
            throw new KernelException("pin", $"BPF programs ({refusal})", Errno.EPERM);
        }

        using BpfProgram program = BpfLoader.Load(BpfProgram.DefaultSlots);
        using BpfPinFolder top = OpenLocked(create: true)!;
        try
        {
            top.Delete(Unfinished);
            using (BpfPinFolder folder = top.CreateFolder(Unfinished))
            {
                folder.Pin(program.Slots, SlotsName);
                folder.Pin(program.Program, ProgramName);
            }

            foreach (string name in top.Names)
            {
                if (name != Unfinished)
                {
                    top.Delete(name);
                }
            }

            top.Rename(Unfinished, OwnName);
        }
        catch
        {
            top.Delete(Unfinished);
            DropFolder(top);
            throw;
        }
    }

    /// <summary>Looks what is pinned.</summary>
    /// <returns>A record for each build, this one's first.</returns>
    /// <exception cref="KernelException">The folder cannot be read, or is not root's alone.</exception>
    public static IReadOnlyList<BpfPinned> Read()
    {
        List<BpfPinned> found = [];
        using BpfPinFolder? top = BpfPinFolder.TryOpen(Folder);
        foreach (string name in top?.Names ?? [])
        {
            using BpfPinFolder? folder = top!.TryOpenFolder(name);
            if (folder is not null)
            {
                BpfPinned pinned = Describe(folder, name);
                found.Insert(pinned.State == BpfPinState.Usable ? 0 : found.Count, pinned);
            }
        }

        return found;
    }

    /// <summary>Removes what is pinned, of whatever build; the kernel unloads it when its last user is done.</summary>
    /// <returns>How many there were, those cut short among them.</returns>
    /// <exception cref="KernelException">It cannot be removed.</exception>
    public static int Remove()
    {
        using BpfPinFolder? top = OpenLocked(create: false);
        if (top is null)
        {
            return 0;
        }

        IReadOnlyList<string> names = top.Names;
        foreach (string name in names)
        {
            top.Delete(name);
        }

        DropFolder(top);
        return names.Count;
    }

    /// <summary>Opens the programs that this build has pinned, for this process alone.</summary>
    /// <param name="reason">Why there are none, when the answer is null.</param>
    /// <returns>The program, or null.</returns>
    internal static BpfProgram? TryOpen(out string reason)
    {
        reason = "no programs are pinned";
        BpfPinFolder? folder = null;
        SafeFileHandle? program = null;
        SafeFileHandle? slots = null;
        try
        {
            using BpfPinFolder? top = BpfPinFolder.TryOpen(Folder);
            folder = top?.TryOpenFolder(OwnName);
            if (folder is null)
            {
                reason = top is { Names.Count: > 0 } ? "the pinned programs are another build's" : reason;
                return null;
            }

            // Slots are shared by all who open the map: one process at a time.
            if (!folder.Lock(wait: false))
            {
                reason = "the pinned programs are in use";
                return null;
            }

            program = folder.Get(ProgramName);
            slots = folder.Get(SlotsName);
            BpfProgram opened = new(program, slots, CountOf(slots), "pinned", folder);
            folder = null;
            program = slots = null;
            return opened;
        }
        catch (KernelException e)
        {
            reason = e.Message;
            return null;
        }
        finally
        {
            folder?.Dispose();
            program?.Dispose();
            slots?.Dispose();
        }
    }

    /// <summary>Opens the folder of all builds, for this process alone to change.</summary>
    private static BpfPinFolder? OpenLocked(bool create)
    {
        while (true)
        {
            if (create)
            {
                _ = BpfPinFolder.Create(Folder, Folder);
            }

            BpfPinFolder? top = BpfPinFolder.TryOpen(Folder);
            if (top is null && !create)
            {
                return null;
            }

            // Whoever had the lock may have removed the folder.
            if (top is not null && top.Lock(wait: true) && top.IsAt(Folder))
            {
                return top;
            }

            top?.Dispose();
        }
    }

    /// <summary>Removes the folder of all builds if it is empty.</summary>
    private static void DropFolder(BpfPinFolder top)
    {
        if (top.Names.Count == 0 && Libc.unlinkat(Libc.AT_FDCWD, Folder, Libc.AT_REMOVEDIR) != 0)
        {
            throw new KernelException("remove", Folder, Marshal.GetLastPInvokeError());
        }
    }

    private static BpfPinned Describe(BpfPinFolder folder, string name)
    {
        const int DigestLength = 16;
        int dash = name.Length - DigestLength - 1;
        if (dash < 1 || name[dash] != '-')
        {
            return new BpfPinned(null, null, BpfPinState.Incomplete, 0, 0, 0);
        }

        uint programId = NumberOf(folder, ProgramName, "prog_id:"u8);
        uint mapId = NumberOf(folder, SlotsName, "map_id:"u8);
        return new BpfPinned(
            name[..dash].Replace('_', '.'), name[(dash + 1)..],
            programId == 0 || mapId == 0 ? BpfPinState.Incomplete : name == OwnName ? BpfPinState.Usable : BpfPinState.Stale,
            programId, mapId, (int)NumberOf(folder, SlotsName, "max_entries:"u8));
    }

    private static uint NumberOf(BpfPinFolder folder, string name, ReadOnlySpan<byte> key)
    {
        try
        {
            using SafeFileHandle handle = folder.Get(name);
            return NumberOf(handle, key);
        }
        catch (KernelException e) when (e.Errno == Errno.ENOENT)
        {
            return 0;
        }
    }

    /// <summary>A number about a program or map, which fdinfo tells without a further struct; 0 when it does not.</summary>
    private static uint NumberOf(SafeFileHandle handle, ReadOnlySpan<byte> key)
    {
        byte[] text = new byte[1024];
        byte[] path = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{handle.DangerousGetHandle()}\0"));
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, path, ref text);
        ReadOnlySpan<byte> rest = text.AsSpan(0, Math.Max(length, 0));
        int at = rest.IndexOf(key);
        return at < 0 ? 0 : (uint)new ByteCursor(rest[(at + key.Length)..]).NextUnsigned();
    }

    private static int CountOf(SafeFileHandle slots)
    {
        const int Most = 1024;
        uint count = NumberOf(slots, "max_entries:"u8);
        return count is > 0 and <= Most ? (int)count : throw new KernelException("read", "BPF map", Errno.EPROTO);
    }
}
