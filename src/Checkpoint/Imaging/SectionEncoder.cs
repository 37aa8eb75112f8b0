using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Turns a tree into the sections of an image. Only their compressed form is kept.</summary>
/// <param name="limits">The caps.</param>
internal sealed class SectionEncoder(ImageLimits limits)
{
    private readonly ByteBuffer _section = new(limits.SectionBytes, "a section");
    private readonly ByteBuffer _columns = new(limits.SectionBytes, "a section");
    private readonly StringTable _strings = new(limits);
    private readonly List<CompressedSection> _sections = [];
    private long _total;

    /// <summary>Encodes a tree; to be called once.</summary>
    /// <param name="tree">The tree.</param>
    /// <returns>The sections in the order of the file.</returns>
    /// <exception cref="ArgumentException">The tree contradicts itself, or is beyond what an image may hold.</exception>
    public List<CompressedSection> Encode(ProcessTree tree)
    {
        uint pageSize = tree.Capture.PageSize;
        if (!CaptureSection.IsPageSize(pageSize))
        {
            throw new ArgumentException($"page size {pageSize} is no power of two of at least 512");
        }

        ProcessEntry[] processes = ImageWriter.Sort(tree.Processes);
        SpaceTable spaces = new(tree.Files, pageSize, limits);
        (ProcessEntry Process, int? Space)[] processRows = [.. processes.Select(p => (p, spaces.Add(p.Space)))];
        Dictionary<Credentials, int> numbers = [];
        ThreadRow[] threads = [.. processes.SelectMany(p => ImageWriter.SortThreads(p), (p, t) => new ThreadRow(p.Tgid, t, Number(numbers, t.Credentials)))];
        Credentials[] credentials = [.. numbers.OrderBy(n => n.Value).Select(n => n.Key)];
        Gap[] gaps = [.. tree.Gaps.OrderBy(g => g.Tgid).ThenBy(g => g.Tid).ThenBy(g => g.Part).ThenBy(g => g.Errno)];
        UserName[] users = [.. tree.Users.OrderBy(u => u.Uid).ThenBy(u => u.Name)];
        MappedFile[] files = spaces.AllFiles();
        Check(files.Length, limits.Files, "files");
        Check(credentials.Length, limits.Credentials, "credentials");
        Check(credentials.Sum(c => (long)(c.Groups?.Length ?? 0)), limits.TotalGroups, "supplementary groups");
        Check(processes.Length, limits.Processes, "processes");
        Check(threads.Length, limits.Threads, "threads");
        Check(gaps.Length, limits.Gaps, "gaps");
        Check(tree.Events.Count, limits.Events, "events");
        Check(users.Length, limits.Users, "users");

        using SectionCompressor compressor = new();
        Add(compressor, CaptureSection.Name, () => CaptureSection.Write(_section, tree.Capture));
        int stringsPlace = _sections.Count;
        Add(compressor, FilesSection.Name, () => FilesSection.Write(_section, _columns, _strings, files, limits));
        Add(compressor, SpacesSection.Name, () => SpacesSection.Write(_section, spaces, pageSize));
        Add(compressor, CredentialsSection.Name, () => CredentialsSection.Write(_section, _columns, _strings, credentials, limits));
        Add(compressor, ProcessesSection.Name, () => ProcessesSection.Write(_section, _columns, _strings, processRows));
        Add(compressor, ThreadsSection.Name, () => ThreadsSection.Write(_section, _columns, _strings, threads, limits));
        Add(compressor, NoteSections.Gaps, () => NoteSections.WriteGaps(_section, _columns, gaps));
        Add(compressor, NoteSections.Events, () => NoteSections.WriteEvents(_section, _columns, [.. tree.Events]));
        Add(compressor, NoteSections.Users, () => NoteSections.WriteUsers(_section, _columns, _strings, users));

        // A pipe reader needs the strings first, and they are only known now.
        Add(compressor, StringTable.Name, () => _strings.Write(_section));
        CompressedSection strings = _sections[^1];
        _sections.RemoveAt(_sections.Count - 1);
        _sections.Insert(stringsPlace, strings);
        return _sections;
    }

    private static int? Number(Dictionary<Credentials, int> numbers, Credentials? credentials)
    {
        if (credentials is null)
        {
            return null;
        }

        if (!numbers.TryGetValue(credentials, out int number))
        {
            number = numbers.Count;
            numbers.Add(credentials, number);
        }

        return number;
    }

    private static void Check(long count, int most, string what)
    {
        if (count > most)
        {
            throw new ArgumentException($"{count} {what} are too many for an image, {most} are allowed");
        }
    }

    private void Add(SectionCompressor compressor, string name, Action write)
    {
        _section.Clear();
        write();
        _total += _section.Length;
        if (_total > limits.TotalBytes)
        {
            throw new ArgumentException($"the image would hold more than {limits.TotalBytes} bytes");
        }

        _sections.Add(compressor.Compress(name, _section.Span));
    }
}
