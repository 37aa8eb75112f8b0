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

    /// <summary>What is known of it beyond that, such as its build ID; null: it was not asked for.</summary>
    internal FileFacts? Facts { get; set; }

    /// <summary>Whether its name was too long to be told.</summary>
    internal bool LostName { get; init; }

    /// <summary>The last answer that told it.</summary>
    internal uint ToldIn { get; set; }
}
