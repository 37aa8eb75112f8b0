using System;

namespace Checkpoint.Linux.Checks;

/// <summary>Reads <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)), as far as the options of <c>/proc</c> go.</summary>
internal static class MountOptions
{
    /// <summary>Whether <c>/proc</c>, by the mount on top, is mounted with hidepid.</summary>
    /// <param name="mountinfo">The whole file.</param>
    internal static bool HidesPids(ReadOnlySpan<byte> mountinfo)
    {
        bool hides = false;
        foreach (Range range in mountinfo.Split((byte)'\n'))
        {
            // 36 35 0:22 / /proc rw,relatime shared:1 - proc proc rw,hidepid=invisible
            ReadOnlySpan<byte> line = mountinfo[range];
            int dash = line.IndexOf(" - proc "u8);
            if (dash >= 0 && line[..dash].IndexOf(" / /proc "u8) >= 0)
            {
                // A later mount covers the earlier ones.
                hides = HidesPidsByOptions(line[(dash + " - proc ".Length)..]);
            }
        }

        return hides;
    }

    private static bool HidesPidsByOptions(ReadOnlySpan<byte> sourceAndOptions)
    {
        int option = sourceAndOptions.IndexOf("hidepid="u8);
        if (option < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> value = sourceAndOptions[(option + "hidepid=".Length)..];
        int end = value.IndexOf((byte)',');
        value = end < 0 ? value : value[..end];
        return !value.SequenceEqual("off"u8) && !value.SequenceEqual("0"u8);
    }
}
