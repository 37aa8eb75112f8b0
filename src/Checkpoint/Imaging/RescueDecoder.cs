using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>
/// As <see cref="SectionDecoder"/>, but goes on after a section that is not valid or missing: it tells every such section,
/// and puts a tree together from the others, with placeholders for what they refer to.
/// </summary>
/// <param name="limits">The caps.</param>
internal sealed class RescueDecoder(ImageLimits limits)
{
    /// <summary>All sections, and what each refers to.</summary>
    private static readonly (string Name, string[] Needs)[] Known =
    [
        (CaptureSection.Name, []),
        (StringTable.Name, []),
        (FilesSection.Name, [StringTable.Name]),
        (SpacesSection.Name, [CaptureSection.Name, FilesSection.Name]),
        (CredentialsSection.Name, [StringTable.Name]),
        (ProcessesSection.Name, [StringTable.Name, SpacesSection.Name]),
        (ThreadsSection.Name, [StringTable.Name, CredentialsSection.Name, ProcessesSection.Name]),
        (NoteSections.Gaps, []),
        (NoteSections.Events, []),
        (NoteSections.Users, [StringTable.Name]),
    ];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private readonly List<ImageFormatException> _problems = [];
    private readonly List<ImageSection> _unknown = [];
    private readonly ImageBudget _budget = new(limits);
    private CaptureInfo? _capture;
    private ByteString[]? _strings;
    private MappedFile[]? _files;
    private AddressSpace[]? _spaces;
    private Credentials[]? _credentials;
    private ProcessEntry[]? _processes;
    private List<ThreadEntry>[]? _threads;
    private Gap[] _gaps = [];
    private TaskEvent[] _events = [];
    private UserName[] _users = [];

    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<ImageFormatException> Problems => _problems;

    /// <summary>Sections that later versions may know.</summary>
    public IReadOnlyList<ImageSection> Unknown => _unknown;

    /// <summary>Whether one known section at least was whole.</summary>
    public bool HasAny => Array.Exists(Known, known => Has(known.Name));

    /// <summary>Takes one section.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="body">Its content; not needed after the call.</param>
    public void Take(ImageSection section, ReadOnlyMemory<byte> body)
    {
        (string name, string[] needs) = Array.Find(Known, known => known.Name == section.Name);
        if (name is null)
        {
            _unknown.Add(section);
            return;
        }

        ImageFault fault = ImageFault.SectionTwice;
        string? wrong = _seen.Contains(name) ? "is there twice" : null;
        if (wrong is null && _lost.Contains(name))
        {
            (fault, wrong) = (ImageFault.SectionOrder, "comes after one that refers to it");
        }

        if (wrong is null && section.Version != Container.SectionVersion)
        {
            (fault, wrong) = (ImageFault.SectionVersion, $"has version {section.Version}, this program reads version {Container.SectionVersion}");
        }

        _ = _seen.Add(name);
        if (wrong is not null)
        {
            _problems.Add(new ImageFormatException(section.Offset, $"section '{name}' {wrong}") { Fault = fault });
            Lose(name, fault);
            return;
        }

        foreach (string need in needs)
        {
            if (!_seen.Contains(need))
            {
                _ = _lost.Add(need);
            }
        }

        try
        {
            SectionMap map = new(body, name, limits);
            _budget.Spend(section, map);
            Read(name, map);
        }
        catch (ImageFormatException e)
        {
            _problems.Add(e);
            Lose(name, e.Fault);
        }
    }

    /// <summary>Gives what there is after the last section.</summary>
    /// <param name="isCutShort">Whether sections may be missing because the file is damaged, which is no problem of its own.</param>
    /// <returns>The tree; <see cref="CaptureInfo.Lost"/> names the sections that it was put together without.</returns>
    public ProcessTree Finish(bool isCutShort)
    {
        foreach ((string name, _) in Known)
        {
            if (!_seen.Contains(name))
            {
                _ = _lost.Add(name);
                if (!isCutShort)
                {
                    _problems.Add(new ImageFormatException(0, $"section '{name}' is missing") { Fault = ImageFault.SectionMissing });
                }
            }
        }

        if (_processes is not null && !Has(ThreadsSection.Name))
        {
            RescuePlaceholders.AddThreads(_processes, _threads!);
        }

        CaptureInfo capture = _capture ?? RescuePlaceholders.Capture;
        string[] lost = [.. Known.Select(known => known.Name).Where(_lost.Contains)];
        return new ProcessTree
        {
            Capture = lost.Length == 0 ? capture : capture with { Lost = [.. capture.Lost.Union(lost)] },
            Processes = _processes ?? [],
            Files = _files ?? (_spaces is null ? [] : RescuePlaceholders.Files),
            Gaps = _gaps,
            Events = _events,
            Users = _users,
        };
    }

    private bool Has(string name) => _seen.Contains(name) && !_lost.Contains(name);

    /// <summary>A second section of a name takes nothing from the first.</summary>
    private void Lose(string name, ImageFault fault)
    {
        if (fault != ImageFault.SectionTwice)
        {
            _ = _lost.Add(name);
        }
    }

    private void Read(string name, SectionMap map)
    {
        switch (name)
        {
            case CaptureSection.Name: _capture = CaptureSection.Read(map); break;
            case StringTable.Name: _strings = StringTable.Read(map); break;
            case FilesSection.Name: _files = FilesSection.Read(map, Strings()); break;
            case SpacesSection.Name: ReadSpaces(map); break;
            case CredentialsSection.Name: _credentials = CredentialsSection.Read(map, Strings()); break;
            case ProcessesSection.Name: ReadProcesses(map); break;
            case ThreadsSection.Name: ReadThreads(map); break;
            case NoteSections.Gaps: _gaps = NoteSections.ReadGaps(map); break;
            case NoteSections.Events: _events = NoteSections.ReadEvents(map); break;
            default: _users = NoteSections.ReadUsers(map, Strings()); break;
        }
    }

    private ByteString[] Strings() => _strings ?? RescuePlaceholders.Strings;

    private void ReadSpaces(SectionMap map)
    {
        if (_capture is null)
        {
            // Without the page size, addresses are not known.
            _ = _lost.Add(SpacesSection.Name);
            return;
        }

        _spaces = SpacesSection.Read(map, _capture.PageSize, _files);
        if (_files is null)
        {
            RescuePlaceholders.ForgetFiles(_spaces);
        }
    }

    private void ReadProcesses(SectionMap map)
    {
        // Set last: a section that fails half-way leaves nothing.
        ProcessEntry[] processes = ProcessesSection.Read(map, Strings(), _spaces ?? RescuePlaceholders.Spaces, out List<ThreadEntry>[] threads);
        (_processes, _threads) = (processes, threads);
    }

    private void ReadThreads(SectionMap map)
    {
        if (_processes is null)
        {
            (ProcessEntry[] processes, _threads) = RescuePlaceholders.Processes(map);
            ThreadsSection.Read(map, Strings(), _credentials ?? RescuePlaceholders.Credentials, processes, _threads);
            _processes = processes;
            return;
        }

        try
        {
            ThreadsSection.Read(map, Strings(), _credentials ?? RescuePlaceholders.Credentials, _processes, _threads!);
        }
        catch (ImageFormatException)
        {
            Array.ForEach(_threads!, list => list.Clear());
            throw;
        }
    }
}
