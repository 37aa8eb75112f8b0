using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>Numbers what VMAs map, each distinct device, inode and name once. Looking up a known one allocates nothing.</summary>
internal sealed class FileTable
{
    private readonly Dictionary<MappedFile, int> _numbers;
    private readonly Dictionary<MappedFile, int>.AlternateLookup<Key> _lookup;
    private readonly List<MappedFile> _files = [];
    private readonly List<int> _translated = [];
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), ByteString> _buildIds = [];
    private int _buildIdsTranslated;

    /// <summary>An empty table.</summary>
    internal FileTable()
    {
        _numbers = new Dictionary<MappedFile, int>(new KeyComparer());
        _lookup = _numbers.GetAlternateLookup<Key>();
    }

    /// <summary>The files by number, with their build IDs.</summary>
    internal IReadOnlyList<MappedFile> Files => _files.ConvertAll(file =>
        _buildIds.TryGetValue((file.Major, file.Minor, file.Inode), out ByteString id) ? file with { BuildId = id } : file);

    /// <summary>Limits what is added; null: nothing does.</summary>
    internal NameBudget? Budget { get; set; }

    /// <summary>Whether a name was cut, or a file left out, since this was set to false.</summary>
    internal bool HasCut { get; set; }

    /// <summary>Whether a file was left out since this was set to false.</summary>
    internal bool HasLeftOut { get; set; }

    /// <summary>The number of a file; -1 for unnamed anonymous memory.</summary>
    internal int NumberOf(uint major, uint minor, ulong inode, ReadOnlySpan<byte> name)
    {
        if (inode == 0 && name.IsEmpty)
        {
            return -1;
        }

        Key key = new(major, minor, inode, name);
        if (!_lookup.TryGetValue(key, out int number))
        {
            NameBudget.Share share = Budget?.Ask(name.Length, ofFile: inode != 0) ?? NameBudget.Share.Whole;
            HasCut |= share != NameBudget.Share.Whole;
            HasLeftOut |= share == NameBudget.Share.Nothing && inode != 0;
            if (share == NameBudget.Share.Nothing)
            {
                return -1;
            }

            if (share == NameBudget.Share.Nameless && !name.IsEmpty)
            {
                return NumberOf(major, minor, inode, default);
            }

            number = Add(new MappedFile(major, minor, inode, new ByteString(name)));
        }

        return number;
    }

    private int Add(MappedFile file)
    {
        _files.Add(file);
        _numbers.Add(file, _files.Count - 1);
        return _files.Count - 1;
    }

    /// <summary>Notes the build ID of a file, whatever its names.</summary>
    internal void SetBuildId(uint major, uint minor, ulong inode, ReadOnlySpan<byte> id)
    {
        if (!_buildIds.ContainsKey((major, minor, inode)))
        {
            _buildIds.Add((major, minor, inode), new ByteString(id));
        }
    }

    /// <summary>Translates numbers of another table, always the same for that one, into this one's.</summary>
    /// <param name="from">The table that the VMAs refer to; nobody may add to it meanwhile.</param>
    /// <param name="vmas">Changed in place.</param>
    internal void Translate(FileTable from, Span<Vma> vmas)
    {
        for (int i = from._translated.Count; i < from._files.Count; i++)
        {
            MappedFile file = from._files[i];
            from._translated.Add(_numbers.TryGetValue(file, out int known) ? known : Add(file));
        }

        if (from._buildIdsTranslated != from._buildIds.Count)
        {
            foreach (((uint major, uint minor, ulong inode), ByteString id) in from._buildIds)
            {
                SetBuildId(major, minor, inode, id.Span);
            }

            from._buildIdsTranslated = from._buildIds.Count;
        }

        foreach (ref Vma vma in vmas)
        {
            if (vma.File >= 0)
            {
                vma = vma with { File = from._translated[vma.File] };
            }
        }
    }

    private readonly ref struct Key(uint major, uint minor, ulong inode, ReadOnlySpan<byte> name)
    {
        internal readonly uint Major = major;
        internal readonly uint Minor = minor;
        internal readonly ulong Inode = inode;
        internal readonly ReadOnlySpan<byte> Name = name;
    }

    private sealed class KeyComparer : IEqualityComparer<MappedFile>, IAlternateEqualityComparer<Key, MappedFile>
    {
        public bool Equals(MappedFile x, MappedFile y) => x == y;

        public int GetHashCode(MappedFile file) => Hash(file.Major, file.Minor, file.Inode, file.Name.Span);

        public bool Equals(Key key, MappedFile file) =>
            key.Inode == file.Inode && key.Major == file.Major && key.Minor == file.Minor && key.Name.SequenceEqual(file.Name.Span);

        public int GetHashCode(Key key) => Hash(key.Major, key.Minor, key.Inode, key.Name);

        public MappedFile Create(Key key) => new(key.Major, key.Minor, key.Inode, new ByteString(key.Name));

        // An inode tells files apart well enough; only what has none (special names) needs the text.
        private static int Hash(uint major, uint minor, ulong inode, ReadOnlySpan<byte> name) =>
            inode != 0 ? HashCode.Combine(major, minor, inode) : ByteString.HashOf(name);
    }
}
