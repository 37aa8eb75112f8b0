using System;

namespace Checkpoint.Model;

/// <summary>
/// The rules for <see cref="VmaKind"/>, the first that fits:
/// <list type="number">
/// <item>the kernel's names [heap], [stack], [vdso], [vvar…], [vsyscall]; any other in brackets but [anon…], which processes give: special;</item>
/// <item>no file, or one that stands for anonymous memory (private /dev/zero, /anon_hugepage): guard without any access, else anon;</item>
/// <item>shared memory by its name (/dev/zero, /SYSV…, /dev/shm/…, /memfd:…, /anon_hugepage, [anon_shmem:…]) and mapped shared: shm;</item>
/// <item>any other file: code when executable, else shared when mapped shared, else data when writable, else file.</item>
/// </list>
/// Stacks of threads are ordinary anonymous memory: nothing tells them apart.
/// </summary>
public static class VmaKinds
{
    /// <summary>The kinds' names by number.</summary>
    private static readonly string[] Names = ["anon", "guard", "heap", "stack", "code", "data", "file", "shared", "shm", "vdso", "vvar", "vsyscall", "special"];

    /// <summary>How many kinds there are.</summary>
    public static int Count => Names.Length;

    /// <summary>The kind of a VMA.</summary>
    /// <param name="flags">Its flags; the low four decide.</param>
    /// <param name="file">What it maps or is named after; the default value for unnamed anonymous memory.</param>
    /// <returns>The kind.</returns>
    public static VmaKind Of(VmaFlags flags, MappedFile file)
    {
        ReadOnlySpan<byte> name = Path(file);
        bool isFile = file.Inode != 0 || name.StartsWith("/"u8);
        bool isShared = (flags & VmaFlags.Shared) != 0;
        if (!isFile && Special(name) is VmaKind special)
        {
            return special;
        }

        if (!isShared && (!isFile || name.SequenceEqual("/dev/zero"u8) || name.SequenceEqual("/anon_hugepage"u8)))
        {
            return (flags & (VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec)) == 0 ? VmaKind.Guard : VmaKind.Anon;
        }

        if (isShared && (!isFile || IsSharedMemory(name)))
        {
            return VmaKind.Shm;
        }

        return (flags & VmaFlags.Exec) != 0 ? VmaKind.Code
            : isShared ? VmaKind.Shared
            : (flags & VmaFlags.Write) != 0 ? VmaKind.Data
            : VmaKind.File;
    }

    /// <summary>A kind's word, such as heap.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>One lower-case word.</returns>
    public static string Name(VmaKind kind) => Names[(int)kind];

    /// <summary>The kind that a word means.</summary>
    /// <param name="word">The word.</param>
    /// <returns>The kind, or null.</returns>
    public static VmaKind? Parse(string word) => Array.IndexOf(Names, word) is int index and >= 0 ? (VmaKind)index : null;

    /// <summary>A file's name without the kernel's mark that it was deleted.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The bytes, in place.</returns>
    public static ReadOnlySpan<byte> Path(MappedFile file) =>
        file.IsDeleted || file.IsPathless ? file.Name.Span[..^" (deleted)"u8.Length] : file.Name.Span;

    private static VmaKind? Special(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("[heap]"u8) ? VmaKind.Heap
        : name.SequenceEqual("[stack]"u8) ? VmaKind.Stack
        : name.SequenceEqual("[vdso]"u8) ? VmaKind.Vdso
        : name.StartsWith("[vvar"u8) ? VmaKind.Vvar
        : name.SequenceEqual("[vsyscall]"u8) ? VmaKind.Vsyscall
        : name.StartsWith("[stack:"u8) ? VmaKind.Stack
        : name.StartsWith("["u8) && name.EndsWith("]"u8) && !name.StartsWith("[anon"u8) ? VmaKind.Special
        : null;

    private static bool IsSharedMemory(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("/dev/zero"u8) || name.SequenceEqual("/anon_hugepage"u8) || name.StartsWith("/SYSV"u8)
        || name.StartsWith("/dev/shm/"u8) || name.StartsWith("/memfd:"u8) || name.StartsWith("[anon_shmem:"u8);
}
