using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>Compares single VMAs, and keeps the rules of what makes one a concern.</summary>
/// <param name="files">How files relate.</param>
internal sealed class VmaComparer(FileRelations files)
{
    /// <summary>Flags that are compared only when both sides know all; soft-dirty is a counter of sorts.</summary>
    private const VmaFlags Others = ~(VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec | VmaFlags.Shared | VmaFlags.AllKnown | VmaFlags.SoftDirty);

    private const VmaFlags Protection = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>How files relate.</summary>
    public FileRelations Files => files;

    /// <summary>In which respects two VMAs differ apart from where they are and how large.</summary>
    /// <param name="old">An old VMA.</param>
    /// <param name="new">A new VMA.</param>
    /// <param name="address">An address in both, for the offsets there.</param>
    /// <returns>The aspects.</returns>
    public VmaAspects Compare(in Vma old, in Vma @new, ulong address) =>
        CompareFlags(old, @new) | files.Compare(old, @new)
        | (OffsetAt(old, address, files.OldFile(old)) == OffsetAt(@new, address, files.NewFile(@new)) ? VmaAspects.None : VmaAspects.Offset);

    /// <summary>The same for two VMAs at different places.</summary>
    public VmaAspects CompareElsewhere(in Vma old, in Vma @new) =>
        CompareFlags(old, @new) | files.Compare(old, @new) | (old.Offset == @new.Offset ? VmaAspects.None : VmaAspects.Offset)
        | CompareSizes(old, @new);

    /// <summary>Whether one is larger.</summary>
    public static VmaAspects CompareSizes(in Vma old, in Vma @new)
    {
        ulong before = old.End - old.Start;
        ulong after = @new.End - @new.Start;
        return after > before ? VmaAspects.Grown : after < before ? VmaAspects.Shrunk : VmaAspects.None;
    }

    /// <summary>The piece of a VMA within an address range.</summary>
    public static Vma Cut(in Vma vma, ulong start, ulong end, MappedFile file) =>
        vma with { Start = start, End = end, Offset = OffsetAt(vma, start, file) };

    /// <summary>What is wrong with a new VMA that was not with the old.</summary>
    public SecurityConcerns Concerns(in Vma? old, in Vma? @new)
    {
        if (@new is not { } now || (now.Flags & VmaFlags.Exec) == 0)
        {
            return SecurityConcerns.None;
        }

        VmaFlags before = old?.Flags ?? VmaFlags.None;
        return Concerns(now, files.NewFile(now), before);
    }

    /// <summary>What is wrong with a VMA.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="file">What it maps.</param>
    /// <param name="before">The flags it had.</param>
    /// <returns>The concerns.</returns>
    public static SecurityConcerns Concerns(in Vma vma, MappedFile file, VmaFlags before)
    {
        const VmaFlags WriteExec = VmaFlags.Write | VmaFlags.Exec;
        SecurityConcerns concerns = SecurityConcerns.None;
        if ((vma.Flags & WriteExec) == WriteExec && (before & WriteExec) != WriteExec)
        {
            concerns |= SecurityConcerns.WritableExecutable;
        }

        if ((vma.Flags & VmaFlags.Exec) != 0 && (before & VmaFlags.Exec) == 0
            && VmaKinds.Of(vma.Flags, file) is VmaKind.Anon or VmaKind.Heap or VmaKind.Stack or VmaKind.Shm)
        {
            concerns |= SecurityConcerns.ExecutableAnonymous;
        }

        return concerns;
    }

    private static ulong OffsetAt(in Vma vma, ulong address, MappedFile file) =>
        file.Inode == 0 ? vma.Offset : vma.Offset + (address - vma.Start);

    private static VmaAspects CompareFlags(in Vma old, in Vma @new)
    {
        VmaFlags changed = old.Flags ^ @new.Flags;
        VmaAspects aspects = VmaAspects.None;
        if ((changed & Protection) != 0)
        {
            aspects |= VmaAspects.Protection;
        }

        if ((changed & VmaFlags.Shared) != 0)
        {
            aspects |= VmaAspects.Sharing;
        }

        if ((changed & Others) != 0 && (old.Flags & @new.Flags & VmaFlags.AllKnown) != 0)
        {
            aspects |= VmaAspects.Flags;
        }

        if (old.PageSize != @new.PageSize && old.PageSize != 0 && @new.PageSize != 0)
        {
            aspects |= VmaAspects.PageSize;
        }

        return aspects;
    }
}
