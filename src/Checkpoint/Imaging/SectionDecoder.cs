using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Puts a tree together from the sections of an image, in the order in which they come.</summary>
/// <param name="limits">The caps.</param>
/// <param name="parts">What is wanted; other sections are passed over.</param>
internal sealed class SectionDecoder(ImageLimits limits, ImageParts parts = ImageParts.All)
{
    private readonly ImageBudget _budget = new(limits);
    private CaptureInfo? _capture;
    private ByteString[]? _strings;
    private MappedFile[]? _files;
    private AddressSpace[]? _spaces;
    private Credentials[]? _credentials;
    private ProcessEntry[]? _processes;
    private List<ThreadEntry>[]? _threads;
    private bool _hasThreads;
    private Gap[]? _gaps;
    private TaskEvent[]? _events;
    private UserName[]? _users;

    /// <summary>Whether a section is needed for what is wanted.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether it is.</returns>
    public bool Wants(string name) => name switch
    {
        FilesSection.Name or SpacesSection.Name => parts.HasFlag(ImageParts.Vmas),
        NoteSections.Gaps or NoteSections.Events => parts.HasFlag(ImageParts.Notes),
        _ => IsKnown(name),
    };

    /// <summary>Takes one section. One that is not known is passed over: later versions may add some.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="body">Its content; not needed after the call.</param>
    /// <exception cref="ImageFormatException">It is not valid, or not allowed here.</exception>
    public void Take(ImageSection section, ReadOnlyMemory<byte> body)
    {
        if (!Wants(section.Name))
        {
            return;
        }

        if (section.Version != Container.SectionVersion)
        {
            throw new ImageFormatException(
                section.Offset, $"section '{section.Name}' has version {section.Version}, this program reads version {Container.SectionVersion}")
            {
                Fault = ImageFault.SectionVersion,
            };
        }

        SectionMap map = new(body, section.Name, limits);
        _budget.Spend(section, map);
        switch (section.Name)
        {
            case CaptureSection.Name:
                Once(section, _capture is null);
                _capture = CaptureSection.Read(map);
                break;
            case StringTable.Name:
                Once(section, _strings is null);
                _strings = StringTable.Read(map);
                break;
            case FilesSection.Name:
                Once(section, _files is null);
                _files = FilesSection.Read(map, Need(section, _strings, StringTable.Name));
                break;
            case SpacesSection.Name:
                Once(section, _spaces is null);
                _spaces = SpacesSection.Read(map, Need(section, _capture, CaptureSection.Name).PageSize, Need(section, _files, FilesSection.Name));
                break;
            case CredentialsSection.Name:
                Once(section, _credentials is null);
                _credentials = CredentialsSection.Read(map, Need(section, _strings, StringTable.Name));
                break;
            case ProcessesSection.Name:
                Once(section, _processes is null);
                _processes = ProcessesSection.Read(
                    map,
                    Need(section, _strings, StringTable.Name),
                    parts.HasFlag(ImageParts.Vmas) ? Need(section, _spaces, SpacesSection.Name) : null,
                    out _threads);
                break;
            case ThreadsSection.Name:
                Once(section, !_hasThreads);
                _hasThreads = true;
                ThreadsSection.Read(
                    map,
                    Need(section, _strings, StringTable.Name),
                    Need(section, _credentials, CredentialsSection.Name),
                    Need(section, _processes, ProcessesSection.Name),
                    _threads!);
                break;
            case NoteSections.Gaps:
                Once(section, _gaps is null);
                _gaps = NoteSections.ReadGaps(map);
                break;
            case NoteSections.Events:
                Once(section, _events is null);
                _events = NoteSections.ReadEvents(map);
                break;
            default:
                Once(section, _users is null);
                _users = NoteSections.ReadUsers(map, Need(section, _strings, StringTable.Name));
                break;
        }
    }

    /// <summary>Gives the tree after the last section.</summary>
    /// <returns>The tree; what was not wanted is empty.</returns>
    /// <exception cref="ImageFormatException">A section is missing.</exception>
    public ProcessTree Finish()
    {
        foreach (string name in Missing())
        {
            throw new ImageFormatException(0, $"section '{name}' is missing") { Fault = ImageFault.SectionMissing };
        }

        return FinishPartial(out _);
    }

    /// <summary>Gives what there is of the tree.</summary>
    /// <param name="missing">Names of the wanted sections that are not there.</param>
    /// <returns>The tree; what is not there is empty. A process without threads is none, so without these there are no processes.</returns>
    /// <exception cref="ImageFormatException">Section <c>capture</c> is missing.</exception>
    public ProcessTree FinishPartial(out List<string> missing)
    {
        missing = [.. Missing()];
        return new ProcessTree
        {
            Capture = _capture ?? throw new ImageFormatException(0, $"section '{CaptureSection.Name}' is missing") { Fault = ImageFault.SectionMissing },
            Processes = _hasThreads ? _processes! : [],
            Files = _files ?? [],
            Gaps = _gaps ?? [],
            Events = _events ?? [],
            Users = _users ?? [],
        };
    }

    private IEnumerable<string> Missing()
    {
        (string Name, bool IsThere)[] sections =
        [
            (CaptureSection.Name, _capture is not null), (StringTable.Name, _strings is not null), (FilesSection.Name, _files is not null),
            (SpacesSection.Name, _spaces is not null), (CredentialsSection.Name, _credentials is not null),
            (ProcessesSection.Name, _processes is not null), (ThreadsSection.Name, _hasThreads), (NoteSections.Gaps, _gaps is not null),
            (NoteSections.Events, _events is not null), (NoteSections.Users, _users is not null),
        ];
        foreach ((string name, bool isThere) in sections)
        {
            if (!isThere && Wants(name))
            {
                yield return name;
            }
        }
    }

    private static bool IsKnown(string name) => name is CaptureSection.Name or StringTable.Name or FilesSection.Name
        or SpacesSection.Name or CredentialsSection.Name or ProcessesSection.Name or ThreadsSection.Name
        or NoteSections.Gaps or NoteSections.Events or NoteSections.Users;

    private static void Once(ImageSection section, bool isFirst)
    {
        if (!isFirst)
        {
            throw new ImageFormatException(section.Offset, $"section '{section.Name}' is there twice") { Fault = ImageFault.SectionTwice };
        }
    }

    private static T Need<T>(ImageSection section, T? value, string name)
        where T : class =>
        value ?? throw new ImageFormatException(section.Offset, $"section '{section.Name}' comes without section '{name}' before it") { Fault = ImageFault.SectionOrder };
}
