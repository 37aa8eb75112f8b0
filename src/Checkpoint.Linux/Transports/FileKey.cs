using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// What tells one mapped file from another at one moment. Device and inode alone do not: on btrfs each subvolume numbers its
/// inodes from the beginning, on overlayfs each layer may. With the path, and where the device is no disk's the mount
/// namespace that the path is of, they do.
/// </summary>
internal sealed class FileKey(ulong mounts, uint major, uint minor, ulong inode, byte[] name)
{
    /// <summary>The mount namespace; 0 where it does not matter.</summary>
    internal ulong Mounts { get; } = mounts;

    /// <summary>Device major number.</summary>
    internal uint Major { get; } = major;

    /// <summary>Device minor number.</summary>
    internal uint Minor { get; } = minor;

    /// <summary>Inode number, not 0.</summary>
    internal ulong Inode { get; } = inode;

    /// <summary>The name that maps shows.</summary>
    internal byte[] Name { get; } = name;

    /// <summary>A key whose name is not copied yet.</summary>
    internal readonly ref struct View(ulong mounts, uint major, uint minor, ulong inode, ReadOnlySpan<byte> name)
    {
        internal readonly ulong Mounts = mounts;
        internal readonly uint Major = major;
        internal readonly uint Minor = minor;
        internal readonly ulong Inode = inode;
        internal readonly ReadOnlySpan<byte> Name = name;
    }

    /// <summary>Compares keys, also with one whose name is not copied, which allocates nothing.</summary>
    internal sealed class Comparer : IEqualityComparer<FileKey>, IAlternateEqualityComparer<View, FileKey>
    {
        public bool Equals(FileKey? x, FileKey? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(ViewOf(x), y));

        public int GetHashCode(FileKey key) => GetHashCode(ViewOf(key));

        public bool Equals(View view, FileKey key) => view.Inode == key.Inode && view.Major == key.Major && view.Minor == key.Minor
            && view.Mounts == key.Mounts && view.Name.SequenceEqual(key.Name);

        // Names are a user's choice, but so are not many files of one device and inode.
        public int GetHashCode(View view) => HashCode.Combine(view.Major, view.Minor, view.Inode, ByteString.HashOf(view.Name));

        public FileKey Create(View view) => new(view.Mounts, view.Major, view.Minor, view.Inode, view.Name.ToArray());

        private static View ViewOf(FileKey key) => new(key.Mounts, key.Major, key.Minor, key.Inode, key.Name);
    }
}
