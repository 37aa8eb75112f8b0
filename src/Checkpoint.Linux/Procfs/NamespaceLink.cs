using System;

namespace Checkpoint.Linux.Procfs;

/// <summary>The text of a link below <c>ns</c>, such as "mnt:[4026531841]".</summary>
internal static class NamespaceLink
{
    /// <summary>The number in it.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The namespace's inode, or 0 when the text is of another form.</returns>
    internal static ulong Inode(ReadOnlySpan<byte> text)
    {
        int open = text.IndexOf((byte)'[');
        if (open < 0 || text[^1] != (byte)']')
        {
            return 0;
        }

        ByteCursor number = new(text[(open + 1)..^1]);
        ulong inode = number.NextUnsigned();
        return number.IsValid ? inode : 0;
    }
}
