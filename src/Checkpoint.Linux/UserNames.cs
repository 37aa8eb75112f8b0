using System;
using System.Buffers.Text;
using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>
/// Names of user ids, from <c>/etc/passwd</c> alone: a name service may ask the network, and a capture must not wait for it.
/// </summary>
internal static class UserNames
{
    /// <summary>Looks up ids; one without a name is left out, and so are all when the file cannot be read.</summary>
    /// <param name="uids">The ids.</param>
    /// <returns>Names by ascending uid.</returns>
    internal static IReadOnlyList<UserName> Of(IReadOnlySet<uint> uids)
    {
        byte[] text = new byte[16 * 1024];
        int length = ProcFile.ReadAll(Libc.AT_FDCWD, "/etc/passwd\0"u8, ref text);
        return Of(uids, text.AsSpan(0, Math.Max(length, 0)));
    }

    /// <summary>Looks up ids in the text of a passwd file.</summary>
    internal static IReadOnlyList<UserName> Of(IReadOnlySet<uint> uids, ReadOnlySpan<byte> passwd)
    {
        SortedDictionary<uint, UserName> names = [];
        foreach (Range line in passwd.Split((byte)'\n'))
        {
            Add(passwd[line], uids, names);
        }

        return [.. names.Values];
    }

    // name:password:uid:gid:comment:home:shell; the first line of a uid counts.
    private static void Add(ReadOnlySpan<byte> line, IReadOnlySet<uint> uids, SortedDictionary<uint, UserName> names)
    {
        Span<Range> fields = stackalloc Range[4];
        int count = 0;
        foreach (Range field in line.Split((byte)':'))
        {
            if (count == fields.Length)
            {
                break;
            }

            fields[count++] = field;
        }

        if (count == fields.Length && Utf8Parser.TryParse(line[fields[2]], out uint uid, out int digits)
            && digits == line[fields[2]].Length && uids.Contains(uid))
        {
            _ = names.TryAdd(uid, new UserName(uid, new ByteString(line[fields[0]])));
        }
    }
}
