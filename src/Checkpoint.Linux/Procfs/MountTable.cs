using System;
using System.Collections.Concurrent;
using System.Text;

namespace Checkpoint.Linux.Procfs;

/// <summary>
/// Which devices hold a local file system, whose files may be read without waiting for anybody but a disk. The types come
/// from <c>/proc/[pid]/mountinfo</c>, once for each mount namespace: nothing is looked up, since looking may wait as well.
/// </summary>
internal sealed class MountTable
{
    private readonly ConcurrentDictionary<(uint Major, uint Minor), bool> _local = new();
    private readonly ConcurrentDictionary<ulong, bool> _read = new();

    /// <summary>Whether files of a device may be read. A device that no mount table lists (sockets, shared memory, memfds) is never local.</summary>
    /// <param name="directory">Directory of a process that has the device mounted.</param>
    /// <param name="major">Its major number, as maps and mountinfo show it.</param>
    /// <param name="minor">Its minor number.</param>
    internal bool IsLocal(int directory, uint major, uint minor)
    {
        if (_local.TryGetValue((major, minor), out bool local))
        {
            return local;
        }

        ulong mounts = NamespaceOf(directory);
        if (mounts != 0 && _read.TryAdd(mounts, true))
        {
            byte[] text = new byte[16 * 1024];
            int length = ProcFile.ReadAll(directory, "mountinfo\0"u8, ref text);
            Take(text.AsSpan(0, Math.Max(length, 0)));
        }

        return _local.TryGetValue((major, minor), out local) && local;
    }

    /// <summary>The mount namespace of a process.</summary>
    /// <param name="directory">Its directory.</param>
    /// <returns>Its inode number, 0: not known.</returns>
    internal static ulong NamespaceOf(int directory)
    {
        Span<byte> text = stackalloc byte[64];
        int length = ProcFile.ReadLink(directory, "ns/mnt\0"u8, text);
        int open = length <= 0 ? -1 : text[..length].IndexOf((byte)'[');
        return open < 0 ? 0 : new ByteCursor(text[(open + 1)..length]).NextUnsigned();
    }

    /// <summary>Takes the lines of a mountinfo in: <c>36 35 98:0 /root /mount options tags - type source options</c>.</summary>
    internal void Take(ReadOnlySpan<byte> text)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int type = line.IndexOf(" - "u8);
            int colon = line.IndexOf((byte)':');
            if (type < 0 || colon < 0 || colon > type)
            {
                continue;
            }

            uint major = (uint)new ByteCursor(line[(line[..colon].LastIndexOf((byte)' ') + 1)..colon]).NextUnsigned();
            ReadOnlySpan<byte> rest = line[(colon + 1)..];
            uint minor = (uint)new ByteCursor(rest[..Math.Max(rest.IndexOf((byte)' '), 0)]).NextUnsigned();
            line = line[(type + 3)..];
            int end = line.IndexOf((byte)' ');
            _local[(major, minor)] = IsLocal(Encoding.Latin1.GetString(end < 0 ? line : line[..end]), major);
        }
    }

    /// <summary>
    /// Only what is known to read from a disk of this machine, and that a user cannot mount: so neither FUSE (fuseblk neither)
    /// nor network file systems, nor overlayfs, behind which any of them may be, nor memory, where some kernels crash.
    /// btrfs and bcachefs have a device number of their own; of the others one without a disk reads from somewhere else.
    /// </summary>
    private static bool IsLocal(string type, uint major) => type switch
    {
        "btrfs" or "bcachefs" => true,
        "ext2" or "ext3" or "ext4" or "xfs" or "f2fs" or "jfs" or "nilfs2" or "erofs" or "squashfs" or "iso9660" or "udf"
            or "vfat" or "exfat" or "ntfs3" => major != 0,
        _ => false,
    };
}
