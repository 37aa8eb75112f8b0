using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Puts a tree together from the sections of an image, in the order in which they come.</summary>
/// <param name="limits">The caps.</param>
internal sealed class SectionDecoder(ImageLimits limits)
{
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

    /// <summary>Takes one section. One that is not known is passed over: later versions may add some.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="body">Its content; not needed after the call.</param>
    /// <exception cref="ImageFormatException">It is not valid, or not allowed here.</exception>
    public void Take(ImageSection section, ReadOnlyMemory<byte> body)
    {
        if (!IsKnown(section.Name))
        {
            return;
        }

        if (section.Version != Container.SectionVersion)
        {
            throw new ImageFormatException(
                section.Offset, $"section '{section.Name}' has version {section.Version}, this program reads version {Container.SectionVersion}");
        }

        SectionMap map = new(body, section.Name, limits);
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
                _spaces = SpacesSection.Read(map, Need(section, _capture, CaptureSection.Name).PageSize, Need(section, _files, FilesSection.Name).Length);
                break;
            case CredentialsSection.Name:
                Once(section, _credentials is null);
                _credentials = CredentialsSection.Read(map, Need(section, _strings, StringTable.Name));
                break;
            case ProcessesSection.Name:
                Once(section, _processes is null);
                _processes = ProcessesSection.Read(
                    map, Need(section, _strings, StringTable.Name), Need(section, _spaces, SpacesSection.Name), out _threads);
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
    /// <returns>The tree.</returns>
    /// <exception cref="ImageFormatException">A section is missing.</exception>
    public ProcessTree Finish() => new()
    {
        Capture = Have(_capture, CaptureSection.Name),
        Processes = Have(_hasThreads ? _processes : null, _processes is null ? ProcessesSection.Name : ThreadsSection.Name),
        Files = Have(_files, FilesSection.Name),
        Gaps = Have(_gaps, NoteSections.Gaps),
        Events = Have(_events, NoteSections.Events),
        Users = Have(_users, NoteSections.Users),
    };

    private static bool IsKnown(string name) => name is CaptureSection.Name or StringTable.Name or FilesSection.Name
        or SpacesSection.Name or CredentialsSection.Name or ProcessesSection.Name or ThreadsSection.Name
        or NoteSections.Gaps or NoteSections.Events or NoteSections.Users;

    private static void Once(ImageSection section, bool isFirst)
    {
        if (!isFirst)
        {
            throw new ImageFormatException(section.Offset, $"section '{section.Name}' is there twice");
        }
    }

    private static T Need<T>(ImageSection section, T? value, string name)
        where T : class =>
        value ?? throw new ImageFormatException(section.Offset, $"section '{section.Name}' comes without section '{name}' before it");

    private static T Have<T>(T? value, string name)
        where T : class => value ?? throw new ImageFormatException(0, $"section '{name}' is missing");
}
