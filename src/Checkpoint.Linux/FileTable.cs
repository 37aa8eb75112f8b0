using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Linux;

/// <summary>
/// Numbers what VMAs map, each distinct device, inode and name once; twice, if it turns out that two files have all of them
/// in common but not the build ID. Looking up a known one allocates nothing.
/// </summary>
internal sealed class FileTable
{
    private readonly Dictionary<MappedFile, int> _numbers;
    private readonly Dictionary<MappedFile, int>.AlternateLookup<Key> _lookup;
    private readonly List<MappedFile> _files = [];
    private readonly List<bool> _told = []; // whether the build ID is, or that there is none
    private readonly Dictionary<(int Number, ByteString BuildId), int> _others = []; // files that share all but that
    private readonly List<int> _translated = [];
    private readonly List<int> _changed = []; // numbers that are new, or told more of, since the last translation

    /// <summary>An empty table.</summary>
    internal FileTable()
    {
        _numbers = new Dictionary<MappedFile, int>(new KeyComparer());
        _lookup = _numbers.GetAlternateLookup<Key>();
    }

    /// <summary>
    /// The files by number. On a disk device and inode are one file's alone: what is known of it by one name holds for the others.
    /// </summary>
    internal IReadOnlyList<MappedFile> Files
    {
        get
        {
            Dictionary<(uint, uint, ulong), ByteString?> known = [];
            for (int i = 0; i < _files.Count; i++)
            {
                if (_told[i] && _files[i].Major != 0)
                {
                    known[(_files[i].Major, _files[i].Minor, _files[i].Inode)] = _files[i].BuildId;
                }
            }

            return _files.ConvertAll(file => file.BuildIdErrno != 0 && known.TryGetValue((file.Major, file.Minor, file.Inode), out ByteString? id)
                ? file with { BuildId = id, BuildIdErrno = 0 }
                : file);
        }
    }

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

            MappedFile file = new(major, minor, inode, new ByteString(name));
            number = Add(file with { NotDeleted = file.IsPathless });
            _numbers.Add(file, number);
        }

        return number;
    }

    /// <summary>Notes what is known of a file.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="id">Its build ID; empty: it has none, or that is not known.</param>
    /// <param name="errno">Why that is not known; 0: it is.</param>
    /// <param name="notDeleted">Whether it is called deleted, and is not.</param>
    /// <returns>Its number from now on: another one, if the number is another file's, with another build ID.</returns>
    internal int Note(int number, ReadOnlySpan<byte> id, int errno, bool notDeleted)
    {
        MappedFile file = _files[number];
        bool told = _told[number];
        bool same = file.BuildId is { } known ? known.Span.SequenceEqual(id) : id.IsEmpty;
        if (told ? same || errno != 0 : errno != 0 && errno == file.BuildIdErrno && notDeleted == file.NotDeleted)
        {
            return number;
        }

        ByteString? buildId = id.IsEmpty ? null : new ByteString(id);
        if (!told)
        {
            _files[number] = file with { BuildId = buildId, BuildIdErrno = errno, NotDeleted = notDeleted || file.NotDeleted };
            _told[number] = errno == 0;
            _changed.Add(number);
            return number;
        }

        if (!_others.TryGetValue((number, buildId.GetValueOrDefault()), out int other))
        {
            other = Add(file with { BuildId = buildId });
            _told[other] = true;
            _others.Add((number, buildId.GetValueOrDefault()), other);
        }

        return other;
    }

    /// <summary>Translates numbers of another table into this one's.</summary>
    /// <param name="from">The table that the VMAs refer to; nobody may add to it meanwhile.</param>
    /// <param name="vmas">Changed in place.</param>
    internal void Translate(FileTable from, Span<Vma> vmas)
    {
        foreach (int i in from._changed)
        {
            MappedFile file = from._files[i];
            int number = NumberOf(file.Major, file.Minor, file.Inode, file.Name.Span);
            if (from._told[i] || file.BuildIdErrno != 0)
            {
                number = Note(number, file.BuildId is { } id ? id.Span : default, file.BuildIdErrno, file.NotDeleted);
            }

            from._translated[i] = number;
        }

        from._changed.Clear();

        foreach (ref Vma vma in vmas)
        {
            if (vma.File >= 0)
            {
                vma = vma with { File = from._translated[vma.File] };
            }
        }
    }

    private int Add(MappedFile file)
    {
        _files.Add(file);
        _told.Add(false);
        _translated.Add(-1);
        _changed.Add(_files.Count - 1);
        return _files.Count - 1;
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
