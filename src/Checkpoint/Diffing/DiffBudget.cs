namespace Checkpoint.Diffing;

/// <summary>
/// Adds up what differences take in memory, and what it costs to find them. Two small images can differ in gigabytes: lists that
/// are the same for many processes, or two hundred lists against two hundred others.
/// </summary>
/// <param name="bytes">What all differences may take.</param>
internal sealed class DiffBudget(long bytes)
{
    /// <summary>What a changed VMA counts for: 128 bytes, and as much for the text of it.</summary>
    public const int VmaChangeBytes = 256;

    /// <summary>What one counts for that another process has too: it is there already, but told again.</summary>
    public const int KnownVmaChangeBytes = 128;

    /// <summary>What a changed field takes.</summary>
    public const int FieldChangeBytes = 80;

    /// <summary>What a process or a thread takes with its lists.</summary>
    public const int EntryBytes = 160;

    /// <summary>What to compare one VMA counts for: a small image has lists for one comparison with another, and half of a second.</summary>
    private const int VmaWork = 16;

    private long _left = bytes;
    private long _workLeft = 2 * bytes;

    /// <summary>Counts differences.</summary>
    /// <param name="taken">Bytes.</param>
    /// <exception cref="DiffTooLargeException">It is more than is allowed.</exception>
    public void Spend(long taken)
    {
        _left -= taken;
        if (_left < 0)
        {
            throw new DiffTooLargeException("more differs than images of this size may take memory for");
        }
    }

    /// <summary>Counts lists that are compared.</summary>
    /// <param name="vmas">Their VMAs.</param>
    /// <exception cref="DiffTooLargeException">It is more than is allowed.</exception>
    public void Work(long vmas)
    {
        _workLeft -= vmas * VmaWork;
        if (_workLeft < 0)
        {
            throw new DiffTooLargeException("too many pairs of different VMA lists");
        }
    }
}
