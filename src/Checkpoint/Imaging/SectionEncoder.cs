using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Turns a tree into the sections of an image. Only their compressed form is kept.</summary>
/// <param name="limits">The caps.</param>
/// <param name="level">zstd level.</param>
internal sealed class SectionEncoder(ImageLimits limits, int level)
{
    private readonly SectionPacker _packer = new(limits, level);
    private readonly ByteBuffer _columns = new(limits.SectionBytes, "a section");
    private readonly StringTable _strings = new(limits);

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

        Add(CaptureSection.Name, section => CaptureSection.Write(section, tree.Capture));
        Add(FilesSection.Name, section => FilesSection.Write(section, _columns, _strings, files, limits));
        Add(SpacesSection.Name, section => SpacesSection.Write(section, spaces, pageSize));
        Add(CredentialsSection.Name, section => CredentialsSection.Write(section, _columns, _strings, credentials, limits));
        Add(ProcessesSection.Name, section => ProcessesSection.Write(section, _columns, _strings, processRows, limits));
        Add(ThreadsSection.Name, section => ThreadsSection.Write(section, _columns, _strings, threads, limits));
        Add(NoteSections.Gaps, section => NoteSections.WriteGaps(section, _columns, gaps));
        Add(NoteSections.Events, section => NoteSections.WriteEvents(section, _columns, [.. tree.Events]));
        Add(NoteSections.Users, section => NoteSections.WriteUsers(section, _columns, _strings, users, limits));

        // A pipe reader needs the strings first, right after the capture, and they are only known now.
        Add(StringTable.Name, _strings.Write);
        List<CompressedSection> sections = _packer.Finish();
        sections.Insert(1, sections[^1]);
        sections.RemoveAt(sections.Count - 1);
        return sections;
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
            throw new ImageTooLargeException($"{count} {what} are too many for an image, {most} are allowed");
        }
    }

    private void Add(string name, Action<ByteBuffer> write)
    {
        ByteBuffer section = _packer.Rent();
        write(section);
        _packer.Add(name, section);
    }
}
