using System;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// Lines of <c>/proc/[pid]/maps</c>:
/// <code>55d0c8a00000-55d0c8a02000 r-xp 00002000 08:01 1234   /usr/bin/cat</code>
/// start, end, offset, device numbers in hex, inode decimal, then the name from the 74th column or nothing.
/// </summary>
internal ref struct MapsParser
{
    internal ulong Start, End, Offset, Inode;

    /// <summary>1 read, 2 write, 4 exec, 8 shared.</summary>
    internal uint Flags;
    internal uint Major, Minor;

    /// <summary>The name with a newline still written as <c>\012</c>; empty when unnamed.</summary>
    internal ReadOnlySpan<byte> EscapedName;

    /// <summary>Parses one line.</summary>
    /// <param name="line">Without its newline; the result points into it.</param>
    /// <param name="vma">The fields.</param>
    /// <returns>Whether it has the kernel's form.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> line, out MapsParser vma)
    {
        vma = default;
        if (!Hex(ref line, (byte)'-', out vma.Start) || !Hex(ref line, (byte)' ', out vma.End) || line.Length < 5 || line[4] != (byte)' ')
        {
            return false;
        }

        if (line[0] is not ((byte)'r' or (byte)'-') || line[1] is not ((byte)'w' or (byte)'-') || line[2] is not ((byte)'x' or (byte)'-')
            || line[3] is not ((byte)'s' or (byte)'p'))
        {
            return false;
        }

        vma.Flags = (line[0] == 'r' ? 1u : 0) | (line[1] == 'w' ? 2u : 0) | (line[2] == 'x' ? 4u : 0) | (line[3] == 's' ? 8u : 0);
        line = line[5..];
        if (!Hex(ref line, (byte)' ', out vma.Offset) || !Hex(ref line, (byte)':', out ulong major) || !Hex(ref line, (byte)' ', out ulong minor))
        {
            return false;
        }

        vma.Major = (uint)major;
        vma.Minor = (uint)minor;
        if (major > uint.MaxValue || minor > uint.MaxValue)
        {
            return false;
        }

        int digits = line.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> inode = digits < 0 ? line : line[..digits];
        ByteCursor number = new(inode);
        vma.Inode = number.NextUnsigned();
        vma.EscapedName = digits < 0 ? default : line[digits..].TrimStart((byte)' ');
        return number.IsValid && vma.End > vma.Start && (vma.EscapedName.IsEmpty || line[digits] == (byte)' ');
    }

    /// <summary>Writes the name with <c>\012</c>, the only escape of maps, undone.</summary>
    /// <param name="escaped">From <see cref="EscapedName"/>.</param>
    /// <param name="into">At least as long.</param>
    /// <returns>Length of the name.</returns>
    internal static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> into)
    {
        int length = 0;
        while (true)
        {
            int at = escaped.IndexOf("\\012"u8);
            ReadOnlySpan<byte> plain = at < 0 ? escaped : escaped[..at];
            plain.CopyTo(into[length..]);
            length += plain.Length;
            if (at < 0)
            {
                return length;
            }

            into[length++] = (byte)'\n';
            escaped = escaped[(at + 4)..];
        }
    }

    private static bool Hex(ref ReadOnlySpan<byte> line, byte end, out ulong value)
    {
        int at = line.IndexOf(end);
        value = 0;
        if (at <= 0)
        {
            return false;
        }

        ByteCursor number = new(line[..at]);
        value = number.NextInBase(16);
        line = line[(at + 1)..];
        return number.IsValid;
    }
}
