using System;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The [vsyscall] page: part of no address space, listed by text <c>maps</c> for every 64-bit process alike and never
/// returned by PROCMAP_QUERY. What it looks like depends on the kernel's command line, so it is read once from our own maps.
/// </summary>
internal static class GateVma
{
    /// <summary>The name in maps.</summary>
    internal static ReadOnlySpan<byte> Name => "[vsyscall]"u8;

    /// <summary>Finds it.</summary>
    /// <param name="procfd">The open <c>/proc</c>.</param>
    /// <param name="vma">The gate.</param>
    /// <returns>Whether this kernel has one.</returns>
    internal static bool TryFind(int procfd, out TaskDiagVma vma)
    {
        byte[] text = new byte[64 * 1024];
        int length = ProcFile.ReadAll(procfd, "self/maps\0"u8, ref text);
        ReadOnlySpan<byte> rest = text.AsSpan(0, Math.Max(length, 0));
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.EndsWith(Name) && MapsParser.TryParse(line, out MapsParser parsed) && parsed.EscapedName.SequenceEqual(Name))
            {
                vma = new TaskDiagVma { Start = parsed.Start, End = parsed.End, Flags = (VmaFlags)parsed.Flags };
                return true;
            }
        }

        vma = default;
        return false;
    }
}
