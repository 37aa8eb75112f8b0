namespace Checkpoint.Linux.Transports;

/// <summary>What VMAs map, as the BPF transport knows it.</summary>
/// <param name="major">Device major, 0 without a file.</param>
/// <param name="minor">Device minor, 0 without a file.</param>
/// <param name="inode">Inode, 0 without a file.</param>
/// <param name="name">Name with the kernel's " (deleted)".</param>
internal sealed class BpfFile(uint major, uint minor, ulong inode, byte[] name)
{
    /// <summary>Its number in the answer that told it last, from 1.</summary>
    internal int Number { get; set; }

    internal uint Major { get; } = major;

    internal uint Minor { get; } = minor;

    internal ulong Inode { get; } = inode;

    internal byte[] Name { get; } = name;

    /// <summary>Its build ID; empty: it has none, or was not asked for it.</summary>
    internal byte[] BuildId { get; set; } = [];

    /// <summary>Whether it was asked for its build ID.</summary>
    internal bool BuildIdAsked { get; set; }

    /// <summary>The last answer that told it.</summary>
    internal uint ToldIn { get; set; }
}
